#include "core/job/sweep_plan.h"

#include <gtest/gtest.h>

namespace oodml::job {
namespace {

TEST(SweepPlanTest, CountsTrialsAtEachLabelInTheOrderOfTheAxis) {
  SweepPlan plan;
  plan.axes = {{.name = "split", .labels = {"2", "1", "3"}}, {.name = "lr", .labels = {"0.1"}}};
  plan.trials = {{.spec = {}, .fingerprint = "a", .labels = {{"split", "1"}, {"lr", "0.1"}}},
                 {.spec = {}, .fingerprint = "b", .labels = {{"split", "1"}}},
                 {.spec = {}, .fingerprint = "c", .labels = {{"split", "2"}}}};
  const auto counts = count_by_axis(plan);
  ASSERT_EQ(counts.size(), 2u);
  std::string text;
  for (const auto& label : counts[0].labels) text += label.label + ":" + std::to_string(label.trials) + " ";
  EXPECT_EQ(text, "2:1 1:2 3:0 ");
  EXPECT_EQ(counts[1].labels[0].trials, 1);
}

TEST(SweepPlanTest, WhatTheAxesDoNotHaveIsNotCounted) {
  const std::vector<Axis> axes = {{.name = "seed", .labels = {"0"}}};
  AxisCounter counter(axes);
  counter.add({{"seed", "1"}, {"lr", "0.1"}});
  counter.add({{"seed", "0"}});
  ASSERT_EQ(counter.counts().size(), 1u);
  ASSERT_EQ(counter.counts()[0].labels.size(), 1u);
  EXPECT_EQ(counter.counts()[0].labels[0].trials, 1);
}

}  // namespace
}  // namespace oodml::job
