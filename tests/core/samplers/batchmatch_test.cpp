// The costs of the batchmatch samplers.
#include <gtest/gtest.h>

#include <cmath>

#include "core/samplers/disthist_cost.h"
#include "core/samplers/draws.h"
#include "core/samplers/fid_cost.h"
#include "tests/core/samplers/datasets.h"

namespace oodml::samplers {
namespace {

using testing::points_on_a_circle;

torch::Tensor candidate(std::initializer_list<std::int64_t> rows) {
  return at::tensor(std::vector<std::int64_t>(rows), at::kLong).unsqueeze(0);
}

torch::Tensor some_rows(std::int64_t rows, std::int64_t dim, std::uint64_t seed) {
  Random random(seed);
  auto values = at::empty({rows, dim}, at::kDouble);
  for (std::int64_t i = 0; i < values.numel(); ++i) values.mutable_data_ptr<double>()[i] = random.uniform(-1, 1);
  return values;
}

torch::Tensor some_candidates(std::int64_t count, std::int64_t size, std::int64_t rows, std::uint64_t seed) {
  Random random(seed);
  auto places = at::empty({count, size}, at::kLong);
  for (std::int64_t i = 0; i < count; ++i) places[i].copy_(at::tensor(distinct_below(rows, size, random), at::kLong));
  return places;
}

TEST(DisthistCostTest, CostOfTheSpecification) {
  EXPECT_NEAR(disthist_cost(points_on_a_circle(), candidate({0, 1, 3, 4})).item<double>(), 4.48392160, 1e-6);
}

TEST(DisthistCostTest, AddsMeansDeviationsAndHeightsOfTheHistogram) {
  // Places 0, 1, 2, 3 have distances 1 (three), 2 (two), 3 (one): heights 1/2, 1/3, 1/6 of three bins. Rows 0 and 1
  // have a distance of 1: heights 1, 0, 0. Sorted: 1/6 1/3 1/2 against 0 0 1, a mean difference of 1/3.
  const auto x = at::arange(4, at::kDouble).unsqueeze(1);
  const double means = 1.5 - 0.5, deviations = std::sqrt(1.25) - 0.5;
  EXPECT_NEAR(disthist_cost(x, candidate({0, 1}), 3).item<double>(), means + deviations + 150.0 / 3, 1e-12);
  EXPECT_NEAR(disthist_cost(x, candidate({2, 0, 3, 1}), 3).item<double>(), 0.0, 1e-12);
}

TEST(DisthistCostTest, DistancesOutsideTheRangeAreNotCountedAndEqualRowsAreFine) {
  // A row taken twice has a distance of 0, below the smallest of the big batch: all heights are zero.
  const auto x = at::arange(4, at::kDouble).unsqueeze(1);
  EXPECT_NEAR(disthist_cost(x, candidate({1, 1}), 3).item<double>(), 0.5 + std::sqrt(1.25) + 150.0 / 3, 1e-12);
  EXPECT_EQ(disthist_cost(at::ones({5, 3}, at::kDouble), candidate({0, 2, 4})).item<double>(), 0.0);
  EXPECT_TRUE(disthist_cost(at::ones({1, 3}), candidate({0, 0})).isfinite().item<bool>());
}

TEST(FidCostTest, CostOfTheSpecification) {
  EXPECT_NEAR(fid_cost(points_on_a_circle(), candidate({0, 1, 3, 4})).item<double>(), 0.42801022, 1e-6);
}

TEST(FidCostTest, InOneDimensionItIsTheDifferenceOfMeansAndDeviations) {
  const auto x = at::tensor(std::vector<double>{0, 1, 3, 7, 11}).unsqueeze(1);
  const auto rows = x.index_select(0, candidate({1, 2, 4}).view({-1}));
  const double means = (x.mean() - rows.mean()).item<double>(), deviations = (x.std() - rows.std()).item<double>();
  EXPECT_NEAR(fid_cost(x, candidate({1, 2, 4})).item<double>(), means * means + deviations * deviations, 1e-6);
}

TEST(FidCostTest, BothWaysToTheTraceOfTheRootAgree) {
  for (const std::int64_t dim : {1, 5, 12, 40, 150}) {
    const auto x = some_rows(60, dim, 1);
    const auto candidates = some_candidates(7, 16, 60, 2);
    const auto by_covariance = root_trace_by_covariance(x, candidates), by_rows = root_trace_by_rows(x, candidates);
    // The 1e-8 of the first way leaves up to 1e-4 in each direction that the candidate does not span.
    const double ridge = 1e-4 * static_cast<double>(std::max<std::int64_t>(dim - 15, 0)) + 1e-6;
    EXPECT_LT((by_covariance - by_rows).abs().max().item<double>(), ridge) << dim;
  }
}

TEST(FidCostTest, TheWholeBatchCostsNothingAndDegenerateOnesAreFinite) {
  for (const std::int64_t dim : {3, 200}) {
    const auto x = some_rows(30, dim, 4);
    EXPECT_NEAR(fid_cost(x, at::arange(30).unsqueeze(0)).item<double>(), 0.0, 1e-3) << dim;
    EXPECT_TRUE(fid_cost(x, candidate({4, 4, 4})).isfinite().item<bool>());
    EXPECT_TRUE(fid_cost(at::ones({5, dim}), candidate({0, 2})).isfinite().item<bool>());
    EXPECT_TRUE(fid_cost(x, candidate({7})).isfinite().item<bool>());
  }
}

}  // namespace
}  // namespace oodml::samplers
