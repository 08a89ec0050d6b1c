// Every criterion with every miner it may have, and every sampler, as a trial on real images.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/catalogue/catalogue.h"
#include "core/catalogue/script_name.h"
#include "core/data/benchmark.h"
#include "core/sweep/sweep.h"
#include "tests/core/images/sample_images.h"
#include "tests/core/trial/in_process.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using catalogue::Kind;

job::SweepPlan every_pairing() {
  auto plan = sweep::plan_sweep(read_text(source("configs/sweeps/every_pairing.yaml")), {});
  if (!plan) throw std::runtime_error(plan.error().message());
  return *std::move(plan);
}

/// The first `count` images of each class as PNG files: a benchmark that opens in no time.
void write_few_images(const std::filesystem::path& root, std::size_t count) {
  const Output made = testing::run({"/bin/bash", source("deploy/fashion_mnist.sh"), root / "whole"});
  if (made.exit_code != 0) throw std::runtime_error(made.err);
  const auto whole = *data::open_benchmark("fashion_mnist", "idx", root / "whole" / "fashion_mnist");
  for (const data::ImageClass& one : whole->classes) {
    const auto folder = root / "few" / "fashion_mnist" / one.name;
    std::filesystem::create_directories(folder);
    for (std::size_t i = 0; i < std::min(count, one.images.size()); ++i) {
      write_text(folder / (std::to_string(100 + i) + ".png"), images::png_bytes(*whole->source->load(one.images[i])));
    }
  }
}

TEST(EveryPairingTest, TheSweepNamesEveryCriterionWithEveryMinerItMayHaveAndEverySampler) {
  std::set<std::pair<std::string, std::string>> there;
  std::set<std::string> samplers;
  for (const auto& trial : every_pairing().trials) {
    there.emplace(trial.spec.choice("criterion").name, trial.spec.choice("miner").name);
    samplers.insert(trial.spec.choice("sampler").name);
  }
  for (const auto& criterion : catalogue::components(Kind::kCriterion)) {
    if (criterion.name == catalogue::kScript) continue;  // it needs a file of one's own
    std::vector<std::string> miners = {"none"};
    for (const auto& miner : catalogue::components(Kind::kMiner)) miners.push_back(miner.name);
    for (const std::string& miner : miners) {
      const bool left_out =
          catalogue::check_pairing({criterion.name, {}}, miner).ok() && !there.contains({criterion.name, miner});
      EXPECT_FALSE(left_out) << criterion.name << " with " << miner << ": add `- " << criterion.name
                             << "` to the criteria of its kind in configs/sweeps/every_pairing.yaml";
    }
  }
  for (const auto& sampler : catalogue::components(Kind::kSampler)) {
    EXPECT_TRUE(samplers.contains(sampler.name)) << sampler.name;
  }
}

TEST(EveryPairingTest, EachTrainsTwoEpochsWithFiniteFigures) {
  const TemporaryFolder folder;
  write_few_images(folder.path(), 20);
  const trial::Places places{folder / "few", folder / "weights"};
  for (const auto& planned : every_pairing().trials) {
    std::string name;
    for (const auto& [axis, label] : planned.labels) name += axis + "=" + label + " ";
    SCOPED_TRACE(name);
    job::TrialSpec spec = planned.spec;
    spec.values.set("layout", std::string("image_folder"));
    const auto run_dir = folder / "run";
    std::filesystem::remove_all(run_dir);
    const auto run = run_in_process(spec, places, run_dir);
    ASSERT_TRUE(run.has_value()) << run.error().message();
    EXPECT_EQ(run->ending.kind, train::Ending::Kind::kDone);
    EXPECT_EQ(run->ending.epoch, 2);
    EXPECT_GE(run->history.size(), 8U);  // loss and three metrics an epoch
    for (const job::Metric& metric : run->history) EXPECT_TRUE(std::isfinite(metric.value)) << metric.name;
  }
}

}  // namespace
}  // namespace oodml::testing
