#include "core/few_shot/adapt.h"

#include <gtest/gtest.h>

#include "core/few_shot/joined_network.h"
#include "core/few_shot/run_episode.h"
#include "core/train/embed.h"
#include "tests/core/few_shot/shapes.h"
#include "tests/core/train/small_network.h"

namespace oodml::few_shot {
namespace {

const std::string kArch = "small_conv_normalize";
const std::string kHeads = "multifeature_small_conv_normalize";

torch::Tensor head_of(const models::Network& network) {
  return network.named_parameters()["last_linear.weight"].detach().clone();
}

std::unique_ptr<miners::Miner> miner(const FewShotOptions& options) {
  return *miners::make_miner(options.miner, /*compat_paper=*/false);
}

Flow adapted(const std::shared_ptr<models::Network>& network, SupportBatches& batches, const FewShotOptions& options,
             bool reads_features) {
  const auto flow = adapt({network, miner(options), 3}, batches, options, small_training(), Seeds(9), reads_features,
                          [](std::int64_t) { return true; });
  if (!flow) throw std::runtime_error(flow.error().message());
  return *flow;
}

/// The images that the views are augmented to, view by view: what the features are computed of.
torch::Tensor images_of_views(const std::shared_ptr<const data::Dataset>& support, const FewShotOptions& options,
                              Seeds seeds) {
  std::vector<torch::Tensor> all;
  for (std::int64_t view = 0; view < options.views; ++view) {
    data::Loader loader(support, small_training().training_loader,
                        train::consecutive_batches(std::ssize(support->samples), options.batch_size), seeds,
                        static_cast<std::uint64_t>(view));
    for (auto batch = loader.next(); batch->images.defined(); batch = loader.next()) all.push_back(batch->images);
  }
  return torch::cat(all, 0);
}

data::Batch first_batch(const std::shared_ptr<const data::Dataset>& support, const torch::Tensor& features,
                        const FewShotOptions& options) {
  const auto batches = feature_batches(support, features, options, Seeds(7));
  const auto batch = (*batches)->next();
  if (!batch) throw std::runtime_error(batch.error().message());
  return *batch;
}

TEST(AdaptTest, KeptFeaturesGiveWhatTheNetworkGivesOfTheSameViews) {
  const FewShotOptions options = small_options();
  const auto support = patterns(3, 2);
  const auto by_features = train::small_network(kArch), by_images = train::small_network(kArch);
  const auto features = view_features(*by_features, support, options, small_training(), Seeds(7), [] { return true; });
  ASSERT_TRUE(features && *features);
  EXPECT_EQ((*features)->sizes(), (torch::IntArrayRef{3 * 6, by_features->feature_dim()}));
  const auto before = head_of(*by_features);
  auto kept = feature_batches(support, **features, options, Seeds(7));
  ASSERT_EQ(adapted(by_features, **kept, options, true), Flow::kGoOn);
  // The same draws of views, of images instead of features: the backbone runs at every step.
  auto run = feature_batches(support, images_of_views(support, options, Seeds(7)), options, Seeds(7));
  ASSERT_EQ(adapted(by_images, **run, options, false), Flow::kGoOn);
  EXPECT_GT((head_of(*by_features) - before).abs().max().item<double>(), 1e-2) << "nothing was learned";
  EXPECT_TRUE(torch::allclose(head_of(*by_features), head_of(*by_images), 1e-3, 1e-4));
}

TEST(AdaptTest, OnlyTheHeadsMoveWhereAskedFor) {
  FewShotOptions options = small_options();
  const auto support = patterns(3, 2);
  for (const bool only_last : {true, false}) {
    options.only_last = only_last;
    const auto network = train::small_network(kArch);
    models::NamedTensors before;
    for (const auto& [name, tensor] : models::state_of(*network)) before[name] = tensor.detach().clone();
    auto batches = image_batches(support, options, small_training(), Seeds(7));
    ASSERT_EQ(adapted(network, **batches, options, false), Flow::kGoOn);
    for (const auto& [name, tensor] : models::state_of(*network)) {
      const bool moved = !torch::equal(tensor, before.at(name));
      const bool is_head = name.starts_with("last_linear.");
      if (is_head || only_last) {
        EXPECT_EQ(moved, is_head) << name;
      }
    }
    const bool body_moved = !torch::equal(network->parameters()[0], before.at(network->named_parameters()[0].key()));
    EXPECT_EQ(body_moved, !only_last);
  }
}

TEST(AdaptTest, OneStepOfSgdIsTheRateTimesTheGradient) {
  FewShotOptions options = small_options();
  options.criterion = testing::criterion_choice("multisimilarity");
  options.miner = {.name = "none"};
  options.steps = 1;
  options.rule = train::UpdateRule::kSgd;
  options.lr = 0.5;
  const auto support = patterns(3, 2);
  const auto features = torch::empty({18, 128}).normal_(0, 1, at::make_generator<at::CPUGeneratorImpl>(3));
  const auto network = train::small_network(kArch), still = train::small_network(kArch);
  auto batches = feature_batches(support, features, options, Seeds(7));
  ASSERT_TRUE(adapt({network, nullptr, 3}, **batches, options, small_training(), Seeds(9), true,
                    [](std::int64_t) { return true; }));
  const data::Batch batch = first_batch(support, features, options);
  auto criterion = *criteria::make_criterion(options.criterion, {.n_classes = 3, .generator = {}});
  criteria::BatchOutput output;
  output.embeddings = still->heads_of(batch.images).embeddings;
  output.labels = batch.labels;
  criterion->forward(output, std::nullopt).backward();
  const auto expected = head_of(*still) - 0.5 * still->named_parameters()["last_linear.weight"].grad();
  EXPECT_TRUE(torch::allclose(head_of(*network), expected, 1e-5, 1e-7));
}

TEST(AdaptTest, BatchesGoOnBeyondASupportSmallerThanABatch) {
  FewShotOptions options = small_options();
  options.batch_size = 16;
  const auto support = patterns(2, 2);
  auto batches = feature_batches(support, torch::zeros({12, 5}), options, Seeds(7));
  for (int step = 0; step < 5; ++step) {
    const auto batch = (*batches)->next();
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->images.sizes(), (torch::IntArrayRef{16, 5}));
  }
}

TEST(AdaptTest, SeveralHeadsAreJoinedWithTheirWeights) {
  const auto network = train::small_network(kHeads);
  const auto images = train::random_images(4);
  const auto heads = network->forward(images, false).heads;
  JoinedNetwork joined(network, {.heads = {"discriminative", "intra"}, .weights = {2.0, 1.0}}, /*normalize=*/true,
                       false);
  const auto rows = joined.forward(images, false).embeddings;  // heads are unit rows: ||(2 a, b)|| = sqrt 5
  const auto expected = torch::cat({heads.at("discriminative") * 2, heads.at("intra")}, 1) / std::sqrt(5.0);
  EXPECT_TRUE(torch::allclose(rows, expected, 1e-5, 1e-6));
}

TEST(AdaptTest, StopsBeforeAStepAndSaysWhenALossIsNotFinite) {
  FewShotOptions options = small_options();
  const auto support = patterns(3, 2);
  const auto network = train::small_network(kArch);
  auto batches = feature_batches(support, torch::ones({18, 128}), options, Seeds(7));
  std::int64_t asked = 0;
  const auto flow = adapt({network, miner(options), 3}, **batches, options, small_training(), Seeds(9), true,
                          [&](std::int64_t steps) { return asked = steps, steps < 3; });
  EXPECT_EQ(*flow, Flow::kStop);
  EXPECT_EQ(asked, 3);
  auto broken = feature_batches(support, torch::full({18, 128}, std::nan("")), options, Seeds(7));
  EXPECT_EQ(adapted(train::small_network(kArch), **broken, options, true), Flow::kNotFinite);
}

TEST(EpisodeRunsTest, AnEpisodeDependsOnNoOther) {
  FewShotOptions options = small_options();
  options.measured = options.adapted = {};
  const Training training = small_training();
  Episodes episodes{.test = patterns(3, 6), .episodes = {}};
  for (const std::int64_t first : {0, 2}) {
    Episode episode;
    for (std::int64_t i = 0; i < 18; ++i) {
      const bool support = i % 6 == first || i % 6 == first + 1;
      (support ? episode.support : episode.query).push_back(i);
    }
    episodes.episodes.push_back(episode);
  }
  const auto make = [] { return Result<std::shared_ptr<models::Network>>(train::small_network(kArch)); };
  const auto go_on = [](std::int64_t) { return true; };
  for (const bool only_last : {true, false}) {
    options.only_last = only_last;
    EpisodeRuns in_order(train::small_network(kArch), make, episodes, options, training);
    const auto first = in_order.run(0, go_on), second = in_order.run(1, go_on);
    EpisodeRuns alone(train::small_network(kArch), make, episodes, options, training);
    const auto again = alone.run(1, go_on);
    ASSERT_TRUE(first && second && again);
    EXPECT_EQ(second->figures, again->figures);
    EXPECT_NE(first->figures, second->figures);
  }
}

}  // namespace
}  // namespace oodml::few_shot
