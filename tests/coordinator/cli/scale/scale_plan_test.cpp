#include "coordinator/cli/scale/scale_plan.h"

#include <gtest/gtest.h>

namespace oodml::cli::scale {
namespace {

const job::Need kAny{.benchmark = "birds"};
const job::Need kBig{.benchmark = "birds", .gpu_memory_mib = 60'000};

Profile profile(const std::string& name, std::int64_t most, std::int64_t gpu_memory_mib = 0) {
  return {.name = name, .gpus = 1, .gpu_memory_mib = gpu_memory_mib, .max_workers = most};
}

std::vector<std::int64_t> asked(const Plan& plan) {
  std::vector<std::int64_t> counts;
  for (const Decision& decision : plan.profiles) counts.push_back(decision.submit);
  return counts;
}

TEST(ScalePlanTest, AWorkerForEachWaitingTrialAndNeverMoreThanTheMost) {
  EXPECT_EQ(asked(make_plan({profile("gpu", 8)}, {Supply()}, {{kAny, 3}})), std::vector<std::int64_t>{3});
  EXPECT_EQ(asked(make_plan({profile("gpu", 8)}, {Supply()}, {{kAny, 100'000}})), std::vector<std::int64_t>{8});
  EXPECT_EQ(asked(make_plan({profile("gpu", 8)}, {{.working = 6}}, {{kAny, 100}})), std::vector<std::int64_t>{2});
  EXPECT_EQ(asked(make_plan({profile("gpu", 8)}, {{.working = 9}}, {{kAny, 100}})), std::vector<std::int64_t>{0});
}

TEST(ScalePlanTest, WhatIsOnItsWayIsNotAskedForAgain) {
  const Supply supply{.pending = {"1"}, .starting = 1, .in_doubt = 2};
  EXPECT_EQ(asked(make_plan({profile("gpu", 9)}, {supply}, {{kAny, 4}})), std::vector<std::int64_t>{0});
  EXPECT_EQ(asked(make_plan({profile("gpu", 9)}, {supply}, {{kAny, 6}})), std::vector<std::int64_t>{2});
}

TEST(ScalePlanTest, AWorkerMayBeMeantForSeveralTrialsOneAfterAnother) {
  Profile gpu = profile("gpu", 9);
  gpu.slots = 2;
  gpu.trials_per_worker = 10;
  EXPECT_EQ(asked(make_plan({gpu}, {Supply()}, {{kAny, 25}})), std::vector<std::int64_t>{3});
  // Three workers run two trials each and take eight more each; the nineteen that wait are theirs.
  EXPECT_EQ(asked(make_plan({gpu}, {{.working = 3}}, {{kAny, 19}})), std::vector<std::int64_t>{0});
  EXPECT_EQ(asked(make_plan({gpu}, {{.working = 3}}, {{kAny, 25}})), std::vector<std::int64_t>{1});
}

TEST(ScalePlanTest, TheLeastIsKeptWithoutAnyWork) {
  Profile gpu = profile("gpu", 9);
  gpu.min_workers = 3;
  EXPECT_EQ(asked(make_plan({gpu}, {{.working = 1}}, {})), std::vector<std::int64_t>{2});
}

TEST(ScalePlanTest, TrialsGoToTheFirstProfileThatServesThemAndOverflowToTheNext) {
  const std::vector<Profile> profiles = {profile("small", 2, 24'000), profile("large", 5, 80'000)};
  const std::vector<Supply> none(2);
  EXPECT_EQ(asked(make_plan(profiles, none, {{kAny, 2}})), (std::vector<std::int64_t>{2, 0}));
  EXPECT_EQ(asked(make_plan(profiles, none, {{kAny, 3}})), (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(asked(make_plan(profiles, none, {{kBig, 2}, {kAny, 1}})), (std::vector<std::int64_t>{1, 2}));
  const std::vector<Supply> paused = {{.may_submit = false}, {}};
  EXPECT_EQ(asked(make_plan(profiles, paused, {{kAny, 3}})), (std::vector<std::int64_t>{0, 3}));
}

TEST(ScalePlanTest, WhatNoProfileIsForIsSaidWithTheReasons) {
  Profile cpu{.name = "cpu", .cpus = 4, .slots = 2};
  cpu.benchmarks = {"cars"};
  const Plan plan = make_plan({profile("small", 2, 24'000), cpu}, std::vector<Supply>(2), {{kBig, 1}});
  ASSERT_EQ(plan.unserved.size(), 1u);
  EXPECT_EQ(
      plan.unserved[0],
      "birds (small: wants 60000 MiB of GPU memory, slot of small has 24000; cpu: no benchmark birds on disk (has "
      "cars))");
  EXPECT_EQ(why_not(cpu, {.benchmark = "cars", .cpu_threads = 2}), "");
  EXPECT_NE(why_not(cpu, {.benchmark = "cars", .cpu_threads = 3}), "") << "two slots share four processors";
  EXPECT_NE(why_not(cpu, {.benchmark = "cars", .program = "mine"}), "");
  EXPECT_EQ(why_not({.name = "any"}, {.benchmark = "cars", .split = "fid_3", .weights = "resnet50", .cpu_threads = 64}),
            "");
}

TEST(ScalePlanTest, PendingJobsThatNothingWaitsForAreCancelledTheNewestFirst) {
  Profile gpu = profile("gpu", 9);
  Supply supply{.pending = {"1", "2", "3"}, .working = 1};
  EXPECT_EQ(make_plan({gpu}, {supply}, {{kAny, 1}}).profiles[0].cancel, (std::vector<std::string>{"3", "2"}));
  EXPECT_TRUE(make_plan({gpu}, {supply}, {{kAny, 3}}).profiles[0].cancel.empty());
  gpu.min_workers = 3;
  EXPECT_EQ(make_plan({gpu}, {supply}, {}).profiles[0].cancel, std::vector<std::string>{"3"});
  supply.may_cancel = false;
  EXPECT_TRUE(make_plan({gpu}, {supply}, {}).profiles[0].cancel.empty());
}

}  // namespace
}  // namespace oodml::cli::scale
