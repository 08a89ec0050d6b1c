// The sweeps of configs/sweeps.
#include <cstdlib>
#include <filesystem>

#include "core/base/atomic_file.h"
#include "tests/core/sweep/plans.h"

namespace oodml::sweep {
namespace {

std::string published(const std::string& name) {
  return *read_file(std::filesystem::path(std::getenv("OODML_SOURCE")) / "configs/sweeps" / name, 1 << 20);
}

TEST(PublishedSweepsTest, TheZeroShotStudyHas25SplitsFiveMethodsAndFiveSeeds) {
  const auto plan = planned(published("oodml_zero_shot.yaml"));
  EXPECT_EQ(plan.trials.size(), 25u * 5u * 5u);
  std::map<std::string, std::int64_t> by_benchmark;
  const auto counts = job::count_by_axis(plan);
  for (const auto& label : counts[0].labels) by_benchmark[label.label] = label.trials;
  EXPECT_EQ(by_benchmark,
            (std::map<std::string, std::int64_t>{{"cub200", 225}, {"cars196", 200}, {"online_products", 200}}));

  const auto& sop =
      trial_at(plan, {{"benchmark", "online_products"}, {"split", "8"}, {"criterion", "r_margin"}, {"seed", "4"}}).spec;
  EXPECT_EQ(sop.values.integer("epochs"), 150);
  EXPECT_EQ(sop.values.number("criterion.beta"), 0.9);
  EXPECT_EQ(sop.values.number("miner.cp"), 0.15);
  EXPECT_EQ(sop.values.integer("embed_dim"), 512);
  EXPECT_EQ(sop.values.integer("batch_size"), 112);
  EXPECT_EQ(sop.values.text("weights"), "imagenet");
  EXPECT_EQ(sop.seed(), 4);
  const auto warmup = [&](const char* benchmark, const char* criterion) {
    return trial_at(plan, {{"benchmark", benchmark}, {"criterion", criterion}}).spec.values.integer("warmup");
  };
  EXPECT_EQ(warmup("online_products", "proxy_anchor"), 1);
  EXPECT_EQ(warmup("online_products", "arcface"), 0);
  EXPECT_EQ(warmup("cub200", "proxy_anchor"), 0);
  const auto& cars = trial_at(plan, {{"benchmark", "cars196"}, {"criterion", "r_margin"}}).spec;
  EXPECT_EQ(cars.values.integer("epochs"), 200);
  EXPECT_EQ(cars.values.number("miner.cp"), 0.35);
  EXPECT_EQ(cars.values.number("lr"), 1e-5);
  const auto& margin = trial_at(plan, {{"benchmark", "cub200"}, {"split", "9"}, {"criterion", "margin_distance"}}).spec;
  EXPECT_EQ(margin.values.number("criterion.beta"), 1.2);
  EXPECT_EQ(margin.choice("miner").name, "distance");
}

TEST(PublishedSweepsTest, TheSmokeSweepHasThreeSplitsThreeCriteriaAnUntrainedRowAndTwoSeeds) {
  const auto plan = planned(published("smoke.yaml"));
  const auto count = [&](const std::string& axis) {
    for (const auto& counted : job::count_by_axis(plan)) {
      if (counted.axis == axis) return counted.labels.size();
    }
    return std::size_t{0};
  };
  EXPECT_GE(count("split"), 3u);
  EXPECT_GE(count("criterion"), 4u);
  EXPECT_GE(count("seed"), 2u);
  EXPECT_EQ(trial_at(plan, {{"criterion", "untrained"}}).spec.values.integer("epochs"), 0);
}

TEST(PublishedSweepsTest, EveryPairingIsPlannedWithoutAMistake) {
  EXPECT_GE(planned(published("every_pairing.yaml")).trials.size(), 100u);
}

}  // namespace
}  // namespace oodml::sweep
