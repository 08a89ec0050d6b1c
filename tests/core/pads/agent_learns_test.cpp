// The policy learns: of a task made so that one band of distances alone helps, it finds the band.
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include "core/pads/agent.h"
#include "core/pads/triplets.h"

namespace oodml::pads {
namespace {

constexpr std::int64_t kUpdates = 400;

at::Generator generator(std::uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

/// Embeddings whose distances are spread over all bins, and a learner of them that gains from negatives of one band of
/// bins alone: its score follows the share of such negatives among those it was given.
class BandTask {
 public:
  BandTask(std::int64_t first_bin, std::int64_t last_bin, const HistogramOptions& options, std::uint64_t seed)
      : edges_(support_edges(options)), seed_(seed) {
    const auto points = torch::empty({96, 3}, torch::kDouble).normal_(0.0, 1.0, generator(seed));
    points_ = points / points.norm(2, {1}, true);
    const auto bins = bins_of(torch::cdist(points_, points_), edges_);
    helps_ = bins.ge(first_bin).logical_and(bins.le(last_bin));
  }

  /// Trains until the next update; the score then.
  double train(const torch::Tensor& probabilities) {
    const auto shared = std::make_shared<torch::Tensor>(probabilities);
    HistogramMiner miner(edges_, shared, {});
    const auto labels = torch::arange(points_.size(0)).remainder(12);
    const auto tuples = miner.mine(points_, labels, generator(seed_ + static_cast<std::uint64_t>(++steps_) * 1000));
    const double helpful = helps_.gather(1, tuples.negative.unsqueeze(1)).to(torch::kDouble).mean().item<double>();
    score_ += 0.5 * (helpful - score_);
    return score_;
  }

  std::int64_t steps() const { return steps_; }

 private:
  torch::Tensor edges_, points_, helps_;
  std::uint64_t seed_;
  std::int64_t steps_ = 0;
  double score_ = 0.0;
};

/// The probability of the band after so many updates.
double mass_of_band(bool ppo, double lr, std::uint64_t seed) {
  constexpr std::int64_t kFirst = 10, kLast = 15;  // of 29 bins
  AgentOptions options{.histogram = {.init_distr = "random"},
                       .learner = {.ppo = ppo, .lr = lr, .old_update_iter = 5},
                       .action_values = {0.8, 1.0, 1.25},
                       .metrics = 1};
  Agent agent(options, Seeds(seed));
  BandTask task(kFirst, kLast, options.histogram, seed);
  for (std::int64_t update = 0; update < kUpdates; ++update) {
    const double score = task.train(agent.histogram().probabilities());
    agent.learn({.metrics = torch::full({1}, score, torch::kDouble),
                 .score = score,
                 .progress = static_cast<double>(update) / kUpdates});
    agent.act(agent.draw());
  }
  return agent.histogram().probabilities().slice(0, kFirst, kLast + 1).sum().item<double>();
}

double mean_mass(bool ppo, double lr) {
  double sum = 0.0;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
    const double mass = mass_of_band(ppo, lr, seed);
    RecordProperty("mass", std::to_string(mass));
    std::printf("%d %g %llu %g\n", ppo, lr, (unsigned long long)seed, mass);
    sum += mass;
  }
  return sum / 5;
}

class AgentLearnsTest : public ::testing::TestWithParam<bool> {};

TEST_P(AgentLearnsTest, TheHistogramMovesToTheBandThatHelpsAndWithAFrozenPolicyItDoesNot) {
  const bool ppo = GetParam();
  EXPECT_GT(mean_mass(ppo, 0.01), 0.6);
  EXPECT_LT(mean_mass(ppo, 0.0), 0.4);
}

INSTANTIATE_TEST_SUITE_P(Modes, AgentLearnsTest, ::testing::Values(true, false),
                         [](const auto& info) { return info.param ? "Ppo" : "Reinforce"; });

}  // namespace
}  // namespace oodml::pads
