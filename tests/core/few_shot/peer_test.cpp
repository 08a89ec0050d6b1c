// The protocol on fixed features against a re-implementation in plain Python that shares no code with it:
// tests/bench/peers/few_shot_peers.py. Features, initial values, drawn batches and mined triplets are written out.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/few_shot/adapt.h"
#include "core/few_shot/episode_figures.h"
#include "core/metrics/evaluation.h"
#include "tests/core/few_shot/shapes.h"
#include "tests/core/train/small_network.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::few_shot {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kClasses = 6, kShots = 2, kQueries = 7, kFeatures = 128, kEpisodes = 5;

Json rows_json(const torch::Tensor& rows) {
  Json json = Json::array();
  const auto table = rows.to(torch::kFloat32).contiguous();
  for (std::int64_t i = 0; i < table.size(0); ++i) {
    const float* row = table.data_ptr<float>() + i * table.size(1);
    json.push_back(std::vector<double>(row, row + table.size(1)));
  }
  return json;
}

Json integers_json(const torch::Tensor& values) {
  const auto list = values.to(torch::kInt64).contiguous();
  return std::vector<std::int64_t>(list.data_ptr<std::int64_t>(), list.data_ptr<std::int64_t>() + list.numel());
}

/// Writes down what the real miner finds.
class RecordingMiner final : public miners::Miner {
 public:
  RecordingMiner(std::unique_ptr<miners::Miner> miner, Json& steps) : miner_(std::move(miner)), steps_(steps) {}
  miners::Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override {
    auto tuples = miner_->mine(embeddings, labels, generator);
    Json triplets = Json::array();
    for (std::int64_t t = 0; t < tuples.anchor.size(0); ++t) {
      if (!tuples.valid[t].item<bool>()) continue;
      triplets.push_back({tuples.anchor[t].item<std::int64_t>(), tuples.positive[t].item<std::int64_t>(),
                          tuples.negative[t].item<std::int64_t>()});
    }
    steps_.back()["triplets"] = std::move(triplets);
    return tuples;
  }

 private:
  std::unique_ptr<miners::Miner> miner_;
  Json& steps_;
};

/// And what the real sampler draws.
class RecordingBatches final : public SupportBatches {
 public:
  RecordingBatches(std::unique_ptr<SupportBatches> batches, Json& steps)
      : batches_(std::move(batches)), steps_(steps) {}
  Result<data::Batch> next() override {
    auto batch = batches_->next();
    if (batch) steps_.push_back({{"features", rows_json(batch->images)}, {"labels", integers_json(batch->labels)}});
    return batch;
  }

 private:
  std::unique_ptr<SupportBatches> batches_;
  Json& steps_;
};

/// Features of `images` of each class: a point of the class plus noise that hides it in most directions.
torch::Tensor features_of(std::int64_t images, std::int64_t copies, std::uint64_t seed) {
  const auto centres = torch::empty({kClasses, kFeatures}).normal_(0, 1, at::make_generator<at::CPUGeneratorImpl>(77));
  const auto labels = torch::arange(kClasses).repeat_interleave(images).repeat({copies});
  const auto noise =
      torch::empty({labels.size(0), kFeatures}).normal_(0, 2.2, at::make_generator<at::CPUGeneratorImpl>(seed));
  return centres.index_select(0, labels) + noise;
}

double recall_of(models::Network& network, const torch::Tensor& query) {
  const torch::NoGradGuard no_grad;
  const auto labels = torch::arange(kClasses).repeat_interleave(kQueries);
  return metrics::evaluate(network.heads_of(query).embeddings, labels, {.metrics = {"e_recall@1"}})->front().value;
}

class PeerTest : public ::testing::Test {
 protected:
  PeerTest() {
    options_.steps = 25;
    options_.batch_size = 8;
    options_.lr = 2e-3;
  }
  std::shared_ptr<models::Network> network() const { return train::small_network("small_conv_normalize"); }

  /// Runs an episode as oodml does and adds what it drew to `case_`.
  EpisodeFigures run(std::uint64_t number) {
    const auto support = patterns(kClasses, kShots);
    const auto query = features_of(kQueries, 1, 100 + number);
    const auto adapted = network();
    Json steps = Json::array();
    EpisodeFigures figures{.metrics = {"e_recall@1"}, .zero = {recall_of(*adapted, query)}, .few = {}};
    auto drawn = feature_batches(support, features_of(kShots, options_.views, 200 + number), options_, Seeds(number));
    RecordingBatches batches(*std::move(drawn), steps);
    auto miner = std::make_unique<RecordingMiner>(*miners::make_miner(options_.miner, false), steps);
    const auto flow = adapt({adapted, std::move(miner), kClasses}, batches, options_, small_training(), Seeds(number),
                            /*reads_features=*/true, [](std::int64_t) { return true; });
    EXPECT_TRUE(flow && *flow == Flow::kGoOn);
    figures.few = {recall_of(*adapted, query)};
    heads_.push_back(rows_json(adapted->named_parameters()["last_linear.weight"].detach()));
    case_["episodes"].push_back({{"steps", std::move(steps)},
                                 {"query",
                                  {{"features", rows_json(query)},
                                   {"labels", integers_json(torch::arange(kClasses).repeat_interleave(kQueries))}}}});
    return figures;
  }

  Json peer() {
    const oodml::testing::TemporaryFolder folder;
    folder.write("case.json", case_.dump());
    const auto script = oodml::testing::source("tests/bench/peers/few_shot_peers.py");
    const auto output = oodml::testing::run({"/usr/bin/python3", script.string(), (folder / "case.json").string()});
    EXPECT_EQ(output.exit_code, 0) << output.err;
    return Json::parse(output.out);
  }

  FewShotOptions options_ = small_options();
  Json case_, heads_ = Json::array();
};

TEST_F(PeerTest, RecallAndIntervalEqualThoseOfPlainPython) {
  const auto start = network()->named_parameters();
  case_ = {{"lr", options_.lr},
           {"margin", 0.2},
           {"beta", 0.9},
           {"head",
            {{"weight", rows_json(start["last_linear.weight"].detach())},
             {"bias", rows_json(start["last_linear.bias"].detach().unsqueeze(0))[0]}}}};
  std::vector<EpisodeFigures> episodes;
  for (std::int64_t number = 0; number < kEpisodes; ++number)
    episodes.push_back(run(static_cast<std::uint64_t>(number)));
  const Json theirs = peer();
  for (std::size_t i = 0; i < episodes.size(); ++i) {
    EXPECT_NEAR(episodes[i].zero[0], theirs.at("zero").at(i).get<double>(), 1e-4);
    EXPECT_NEAR(episodes[i].few[0], theirs.at("few").at(i).get<double>(), 1e-4);
    const Json& head = theirs.at("heads").at(i).at("weight");
    for (std::size_t d = 0; d < head.size(); ++d) {
      for (std::size_t f = 0; f < head[d].size(); ++f) {
        ASSERT_NEAR(head[d][f].get<double>(), heads_[i][d][f].get<double>(), 1e-4) << "episode " << i;
      }
    }
  }
  const auto summary = summary_of(episodes).front();
  EXPECT_NEAR(summary.zero, theirs.at("zero_mean").get<double>(), 1e-4);
  EXPECT_NEAR(summary.zero_conf, theirs.at("zero_conf").get<double>(), 1e-4);
  EXPECT_NEAR(summary.few, theirs.at("few_mean").get<double>(), 1e-4);
  EXPECT_NEAR(summary.few_conf, theirs.at("few_conf").get<double>(), 1e-4);
  EXPECT_NEAR(summary.gain, theirs.at("gain").get<double>(), 1e-4);
  EXPECT_GT(summary.few, summary.zero + 0.05) << "the features are made so that adapting helps";
}

}  // namespace
}  // namespace oodml::few_shot
