#include "core/toy/experiment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace oodml::toy {
namespace {

bool same_bits(const Learned& a, const Learned& b) {
  bool same = a.losses == b.losses && a.singular_values == b.singular_values && a.embeddings.equal(b.embeddings);
  for (std::size_t i = 0; i < a.test_embeddings.size(); ++i) {
    same = same && a.test_embeddings[i].equal(b.test_embeddings[i]);
  }
  return same;
}

TEST(ToyExperimentTest, TheRegularisedEmbeddingIsSpreadOverMoreDirections) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Outcome outcome = run_experiment(seed);
    EXPECT_GT(outcome.regularised.spectrum[1], outcome.base.spectrum[1] + 0.1) << seed;
  }
}

TEST(ToyExperimentTest, TheSameSeedGivesTheSameBits) {
  const Outcome first = run_experiment(1), again = run_experiment(1), other = run_experiment(2);
  EXPECT_TRUE(same_bits(first.base, again.base));
  EXPECT_TRUE(same_bits(first.regularised, again.regularised));
  EXPECT_FALSE(same_bits(first.base, other.base));
}

TEST(ToyExperimentTest, EmbeddingsLieOnTheUnitCircleAndTheirSpectrumIsThatOfAllOfThem) {
  const Outcome outcome = run_experiment(1);
  for (const Learned* learned : {&outcome.base, &outcome.regularised}) {
    ASSERT_EQ(learned->embeddings.sizes(), (std::vector<std::int64_t>{60, 2}));
    EXPECT_TRUE(learned->embeddings.square().sum(1).sub(1).abs().lt(1e-5).all().item<bool>());
    ASSERT_EQ(learned->test_embeddings.size(), 4U);
    for (const auto& rows : learned->test_embeddings) {
      EXPECT_TRUE(rows.square().sum(1).sub(1).abs().lt(1e-5).all().item<bool>());
    }
    // Sixty unit rows: the squares of both values sum to 60.
    ASSERT_EQ(learned->singular_values.size(), 2U);
    const double first = learned->singular_values[0], second = learned->singular_values[1];
    EXPECT_NEAR(first * first + second * second, 60.0, 1e-3);
    EXPECT_NEAR(learned->spectrum[0], first / (first + second), 1e-12);
    EXPECT_NEAR(learned->spectrum[1], second / (first + second), 1e-12);
  }
}

TEST(ToyExperimentTest, TheBaseNetworkLearnsItsTwoHundredSteps) {
  const Learned base = run_experiment(1).base;
  ASSERT_EQ(base.losses.size(), 200U);
  const double begin = std::accumulate(base.losses.begin(), base.losses.begin() + 10, 0.0);
  const double end = std::accumulate(base.losses.end() - 10, base.losses.end(), 0.0);
  EXPECT_LT(end, 0.75 * begin);
}

}  // namespace
}  // namespace oodml::toy
