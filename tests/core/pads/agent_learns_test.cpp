// The policy learns: of a task made so that one band of distances alone helps, it finds the band.
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include "core/pads/agent.h"
#include "core/pads/triplets.h"

namespace oodml::pads {
namespace {

at::Generator task_generator(std::uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

/// Embeddings whose distances are spread over all bins, and a learner of them that gains from negatives of one band of
/// bins alone: its score follows the share of such negatives among those it was given.
class BandTask {
 public:
  BandTask(std::int64_t first_bin, std::int64_t last_bin, const HistogramOptions& options, std::uint64_t seed)
      : edges_(support_edges(options)), seed_(seed) {
    const auto points = torch::empty({64, 3}, torch::kDouble).normal_(0.0, 1.0, task_generator(seed));
    points_ = points / points.norm(2, {1}, true);
    const auto bins = bins_of(torch::cdist(points_, points_), edges_);
    helps_ = bins.ge(first_bin).logical_and(bins.le(last_bin));
  }

  /// Trains until the next update; the score then.
  double train(const torch::Tensor& probabilities) {
    const auto shared = std::make_shared<torch::Tensor>(probabilities);
    HistogramMiner miner(edges_, shared, {});
    const auto labels = torch::arange(points_.size(0)).remainder(8);
    const auto tuples =
        miner.mine(points_, labels, task_generator(seed_ + static_cast<std::uint64_t>(++steps_) * 1000));
    const double helpful = helps_.gather(1, tuples.negative.unsqueeze(1)).to(torch::kDouble).mean().item<double>();
    score_ += 0.5 * (helpful - score_);
    return score_;
  }

 private:
  torch::Tensor edges_, points_, helps_;
  std::uint64_t seed_;
  std::int64_t steps_ = 0;
  double score_ = 0.0;
};

/// The probability of the band, mean over the last 50 of 300 updates. A learning rate of 0 freezes the policy.
double mass_of_band(bool ppo, double lr, std::uint64_t seed) {
  constexpr std::int64_t kFirst = 4, kLast = 6, kUpdates = 300;  // of 11 bins, which begin alike
  const AgentOptions options{.histogram = {.n_support = 12, .init_distr = "random"},
                             .state = {.metric_history = 2, .run_avgs = {}},
                             .learner = {.ppo = ppo, .lr = lr},
                             .size = {32},
                             .action_values = {0.8, 1.0, 1.25},
                             .metrics = 1};
  Agent agent(options, Seeds(seed));
  BandTask task(kFirst, kLast, options.histogram, seed);
  double mass = 0.0;
  for (std::int64_t update = 0; update < kUpdates; ++update) {
    const double score = task.train(agent.histogram().probabilities());
    agent.learn({.metrics = torch::full({1}, score, torch::kDouble),
                 .score = score,
                 .progress = static_cast<double>(update) / kUpdates});
    agent.act(agent.draw());
    if (update < kUpdates - 50) continue;
    mass += agent.histogram().probabilities().slice(0, kFirst, kLast + 1).sum().item<double>() / 50;
  }
  return mass;
}

class AgentLearnsTest : public ::testing::TestWithParam<bool> {};

TEST_P(AgentLearnsTest, TheHistogramMovesToTheBandThatHelpsAndWithAFrozenPolicyItDoesNot) {
  const bool ppo = GetParam();
  double frozen = 0.0;
  for (const std::uint64_t seed : {1, 2, 3}) {
    EXPECT_GT(mass_of_band(ppo, 0.01, seed), 0.85) << "seed " << seed;
    frozen += mass_of_band(ppo, 0.0, seed) / 3;
  }
  EXPECT_LT(frozen, 0.4);  // 3 of 11 bins by chance
}

INSTANTIATE_TEST_SUITE_P(Modes, AgentLearnsTest, ::testing::Values(true, false),
                         [](const auto& info) { return info.param ? "Ppo" : "Reinforce"; });

}  // namespace
}  // namespace oodml::pads
