#include "core/samplers/coreset.h"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "core/samplers/d2_weights.h"
#include "tests/core/samplers/datasets.h"

namespace oodml::samplers {
namespace {

using testing::points_on_a_circle;

/// Points on a line.
torch::Tensor line(const std::vector<double>& places) { return at::tensor(places, at::kDouble).unsqueeze(1); }

TEST(GreedyCoresetTest, PicksOfTheSpecification) {
  EXPECT_EQ(greedy_picks(squared_distances(points_on_a_circle()), 0, 5), (std::vector<std::int64_t>{0, 7, 5, 2, 4}));
}

TEST(GreedyCoresetTest, EachPickIsFarthestFromTheOthersTheLowerIndexFirst) {
  // From 0: 10 is farthest; then 5 is 25 from both, 4 and 6 are 16; then 2 (4 from 0) and 8 (4 from 10) tie.
  const auto squared = squared_distances(line({0, 2, 4, 5, 6, 8, 10}));
  EXPECT_EQ(greedy_picks(squared, 0, 4), (std::vector<std::int64_t>{0, 6, 3, 1}));
}

TEST(GreedyCoresetTest, TheNormOfARowIsItsStart) {
  // Squared distances of the rows: (0, 1, 100), (1, 0, 81), (100, 81, 0). After row 0, r = (0, 1, 100).
  EXPECT_EQ(greedy_picks(squared_distances(line({0, 1, 10})), 0, 2), (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(greedy_picks(squared_distances(line({0, 1, 10})), 2, 1), (std::vector<std::int64_t>{2}));
}

TEST(GreedyCoresetTest, EqualRowsArePickedOnceEachInOrder) {
  EXPECT_EQ(greedy_picks(squared_distances(line({3, 3, 3, 3})), 2, 4), (std::vector<std::int64_t>{2, 0, 1, 3}));
}

TEST(GreedyCoresetTest, SoftenedPicksComeUniformlyFromTheFarthestThreePercent) {
  // 101 places: r is the squared distance to 0 once 0 is picked; its 97th percentile is 97^2, so 97 to 100 qualify.
  std::vector<double> places(101);
  std::iota(places.begin(), places.end(), 0.0);
  const auto squared = squared_distances(line(places));
  std::vector<double> counts(101);
  Random random(5);
  for (int round = 0; round < 2000; ++round) {
    const auto picks = greedy_picks(squared, 0, 2, &random);
    ++counts[static_cast<std::size_t>(picks[1])];
  }
  double chi = 0.0;  // 3 degrees of freedom: 16.3 at 0.1 %
  for (std::size_t i = 97; i <= 100; ++i) chi += (counts[i] - 500.0) * (counts[i] - 500.0) / 500.0;
  EXPECT_LT(chi, 16.3);
  const auto all = greedy_picks(squared, 7, 101, &random);
  EXPECT_EQ(std::set<std::int64_t>(all.begin(), all.end()).size(), 101U);
}

TEST(D2WeightsTest, ProbabilitiesOfTheSpecification) {
  D2Weights weights(points_on_a_circle().slice(1, 0, 2), 1.0);
  weights.pick(0);
  const std::vector<double> want = {0,          0.00527578, 0.10023813, 0.05252598,
                                    0.19026991, 0.27099486, 0.31329518, 0.06740016};
  const auto got = weights.probabilities();
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-5) << i;
}

TEST(D2WeightsTest, LambdaIsTheExponentOfTheDistance) {
  const auto x = points_on_a_circle().slice(1, 0, 2);
  D2Weights none(x, 0.0), one(x, 1.0), two(x, 2.0);
  for (D2Weights* weights : {&none, &one, &two}) weights->pick(3);
  const auto d = squared_distances(x)[3];
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == 3) continue;
    const double distance = d[static_cast<std::int64_t>(i)].item<double>(), first = d[0].item<double>();
    const double by_one = one.probabilities()[i] / one.probabilities()[0];
    const double by_none = none.probabilities()[i] / none.probabilities()[0];
    EXPECT_NEAR(by_one, by_none * distance / first, 1e-9 * by_one);
    EXPECT_NEAR(two.probabilities()[i] / two.probabilities()[0], by_one * distance / first, 1e-6 * by_one);
  }
}

TEST(D2WeightsTest, StaysUsableInMoreDimensionsThanRowsAndOnEqualRows) {
  Random random(3);
  const auto wide = at::randn({10, 300}, at::kDouble).mul(1e-3);
  for (const auto& x : {wide, at::zeros({6, 4}, at::kDouble), at::ones({1, 3}, at::kDouble)}) {
    D2Weights weights(x, 1.0);
    weights.pick(weights.start(random));
    for (std::int64_t i = 1; i < x.size(0); ++i) {
      const auto probabilities = weights.probabilities();
      EXPECT_NEAR(std::accumulate(probabilities.begin(), probabilities.end(), 0.0), 1.0, 1e-12);
      weights.pick(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
    }
  }
}

TEST(D2WeightsTest, StartsNearADrawFromTheGaussian) {
  // Places -1.5, -1, 0, 1, 1.5: how often each is nearest follows from the normal distribution.
  const D2Weights weights(line({-1.5, 0, 1.5, 0, 0, -1, 1, 0}), 1.0);  // variance 6.5 / 7, rows of 0 share index 1
  Random random(9);
  std::vector<double> counts(8);
  for (int round = 0; round < 4000; ++round) ++counts[static_cast<std::size_t>(weights.start(random))];
  const double deviation = std::sqrt(6.5 / 7);
  const auto below = [&](double z) { return 0.5 * std::erfc(-z / deviation / std::sqrt(2.0)); };
  EXPECT_NEAR(counts[0] / 4000, below(-1.25), 0.03);
  EXPECT_NEAR(counts[1] / 4000, below(0.5) - below(-0.5), 0.04);
  EXPECT_NEAR(counts[6] / 4000, below(1.25) - below(0.5), 0.04);
  EXPECT_EQ(counts[3] + counts[4] + counts[7], 0.0);
}

}  // namespace
}  // namespace oodml::samplers
