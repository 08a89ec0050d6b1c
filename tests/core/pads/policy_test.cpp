#include "core/pads/policy.h"

#include <gtest/gtest.h>

#include "core/train/parts.h"
#include "tests/core/catalogue/default_choice.h"

namespace oodml::pads {
namespace {

using Answer = train::SamplingPolicy::Answer;

/// `classes` classes of `images` images each.
std::shared_ptr<const data::Dataset> dataset_of(std::int64_t classes, std::int64_t images) {
  auto dataset = std::make_shared<data::Dataset>();
  for (std::int64_t c = 0; c < classes; ++c) {
    dataset->class_names.push_back("c" + std::to_string(c));
    dataset->by_class.emplace_back();
    for (std::int64_t i = 0; i < images; ++i) {
      dataset->by_class.back().push_back(std::ssize(dataset->samples));
      dataset->samples.push_back({std::ssize(dataset->samples), c});
    }
  }
  return dataset;
}

/// A policy on a network that embeds as the test says.
class PolicyTest : public ::testing::Test {
 protected:
  Policy policy(testing::Changes changes = {}, bool compat_paper = false) {
    const auto choice = testing::sampler_choice("pads", changes);
    return Policy(
        policy_options(choice.params, compat_paper),
        {.data = {dataset_of(4, 6), dataset_of(4, 3)}, .epochs = 10, .steps_per_epoch = 20, .seeds = Seeds(3)});
  }

  train::PolicyTools tools() {
    return {[this](const std::shared_ptr<const data::Dataset>& dataset,
                   bool training_mode) -> Result<std::optional<torch::Tensor>> {
              ++embedded_;
              in_training_mode_ = training_mode;
              if (stops_) return std::nullopt;
              return std::optional(rows_of(*dataset));
            },
            [this] { return !stops_; }, std::make_shared<collective::Alone>(), torch::kCPU};
  }

  /// Other rows each time, so that scores change.
  torch::Tensor rows_of(const data::Dataset& dataset) const {
    const auto n = torch::arange(std::ssize(dataset.samples), torch::kFloat);
    const auto rows = torch::stack({(n * (1.3 + embedded_)).sin(), (n * 0.7 + embedded_).cos()}, 1);
    return broken_ ? rows / 0.0 : rows;
  }

  /// Follows the steps from `first` to `last`, in epochs of 20; after how many steps the network was embedded.
  std::vector<std::int64_t> embeddings(Policy& policy, std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> when;
    for (std::int64_t steps = first; steps <= last; ++steps) {
      const std::int64_t before = embedded_;
      EXPECT_EQ(*policy.follow((steps - 1) / 20, steps, tools()), Answer::kGoOn);
      if (embedded_ != before) when.push_back(steps);
    }
    return when;
  }

  std::int64_t embedded_ = 0;
  bool stops_ = false, broken_ = false, in_training_mode_ = false;
};

using Steps = std::vector<std::int64_t>;

TEST_F(PolicyTest, TheFirstUpdateFollowsStep31AndThenEvery30th) {
  auto usual = policy();
  EXPECT_EQ(embeddings(usual, 1, 100), (Steps{31, 61, 91}));
  ASSERT_EQ(usual.progression().rows.size(), 3U);
  EXPECT_EQ(usual.progression().rows[1].iteration, 61);
  EXPECT_EQ(usual.progression().rows[1].epoch, 4);
  EXPECT_EQ(usual.progression().rows[0].reward, 0.0);
  EXPECT_FALSE(in_training_mode_);
}

TEST_F(PolicyTest, ADelayedPolicyCountsFromItsFirstEpoch) {
  auto delayed = policy({{"training_delay", std::int64_t{2}}, {"sample_freq", std::int64_t{10}}});
  EXPECT_EQ(embeddings(delayed, 1, 65), (Steps{51, 61}));
}

TEST_F(PolicyTest, SupportingScoresAreCollectedBetweenUpdates) {
  auto collecting = policy({{"sample_freq", std::int64_t{9}}, {"sup_metric_collect", std::int64_t{2}}});
  EXPECT_EQ(embeddings(collecting, 1, 20), (Steps{4, 7, 10, 13, 16, 19}));
  EXPECT_EQ(collecting.progression().rows.size(), 2U);
  EXPECT_GT(collecting.progression().rows[0].score, 0.0);
}

TEST_F(PolicyTest, InPaperModeValidationRunsInTrainingMode) {
  auto paper = policy({{"sample_freq", std::int64_t{2}}}, true);
  embeddings(paper, 1, 3);
  EXPECT_TRUE(in_training_mode_);
}

TEST_F(PolicyTest, StoppedInsideOfAnUpdateItIsDoneWhenTheRunGoesOn) {
  const testing::Changes changes = {{"sample_freq", std::int64_t{4}}, {"include_train_metrics", true}};
  auto calm = policy(changes), stopped = policy(changes), resumed = policy(changes);
  embeddings(calm, 1, 14);
  embedded_ = 0;
  embeddings(stopped, 1, 8);
  stops_ = true;
  EXPECT_EQ(*stopped.follow(0, 9, tools()), Answer::kStop);
  stops_ = false;
  --embedded_;  // the rows of the embedding that was given up
  ASSERT_TRUE(resumed.restore(stopped.tensors()).ok());
  embeddings(resumed, 9, 14);
  EXPECT_EQ(resumed.progression(), calm.progression());
  const auto want = calm.tensors(), got = resumed.tensors();
  ASSERT_EQ(got.size(), want.size());
  for (const auto& [name, tensor] : want) EXPECT_TRUE(got.at(name).equal(tensor)) << name;
  EXPECT_EQ(resumed.restore({{"calls", torch::zeros({1}, torch::kLong)}}).code(), StatusCode::kInvalidArgument);
}

TEST_F(PolicyTest, EmbeddingsThatAreNotFiniteEndTheRun) {
  auto usual = policy({{"sample_freq", std::int64_t{1}}});
  embeddings(usual, 1, 1);
  broken_ = true;
  EXPECT_EQ(*usual.follow(0, 2, tools()), Answer::kNotFinite);
}

TEST_F(PolicyTest, TheEpochsFiguresAreTheHistogramAndMeansOfItsUpdates) {
  auto usual = policy({{"sample_freq", std::int64_t{5}}});
  embeddings(usual, 1, 5);
  EXPECT_EQ(usual.finish_epoch().size(), 29U) << "no update, no means";
  embeddings(usual, 6, 11);
  const auto figures = usual.finish_epoch();
  std::map<std::string, double> by_name(figures.begin(), figures.end());
  const auto& rows = usual.progression().rows;
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_DOUBLE_EQ(by_name.at("score"), (rows[0].score + rows[1].score) / 2);
  EXPECT_DOUBLE_EQ(by_name.at("reward"), rows[1].reward);
  EXPECT_DOUBLE_EQ(by_name.at("sampling@5"), rows[1].bins[5]);
  for (const char* name : {"policy_loss", "value_loss", "grad_l2", "grad_max"}) EXPECT_TRUE(by_name.contains(name));
}

TEST_F(PolicyTest, ScramblingChangesTheSetsOfTheRunAndOfTheEvaluation) {
  const auto choice = testing::sampler_choice("pads", {{"scramble_freq", std::int64_t{2}}});
  std::int64_t samplers_made = 0;
  PolicyRun run{.data = {dataset_of(4, 6), dataset_of(4, 3)},
                .epochs = 10,
                .steps_per_epoch = 20,
                .seeds = Seeds(3),
                .make_sampler = [&](std::shared_ptr<const data::Dataset>) {
                  ++samplers_made;
                  return Result<std::unique_ptr<samplers::BatchSampler>>(nullptr);
                }};
  Policy scrambling(policy_options(choice.params, false), run);
  train::Parts parts;
  parts.train = run.data.train;
  parts.sets = {{"test", run.data.train, {}}, {"val", run.data.validation, {}}};
  ASSERT_TRUE(scrambling.begin_epoch(1, parts).ok());
  EXPECT_EQ(parts.train, run.data.train);
  ASSERT_TRUE(scrambling.begin_epoch(2, parts).ok());
  EXPECT_NE(parts.train, run.data.train);
  EXPECT_EQ(parts.train->samples.size(), run.data.train->samples.size());
  EXPECT_NE(parts.sets[1].dataset, run.data.validation);
  EXPECT_EQ(parts.sets[0].dataset, run.data.train);
  ASSERT_TRUE(scrambling.begin_epoch(3, parts).ok());
  EXPECT_EQ(samplers_made, 1);
}

}  // namespace
}  // namespace oodml::pads
