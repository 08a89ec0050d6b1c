#include "core/embedding_map/trustworthiness.h"

#include <gtest/gtest.h>

#include "tests/core/embedding_map/random_rows.h"

namespace oodml::embedding_map {
namespace {

torch::Tensor on_a_line(const std::vector<double>& places) { return at::tensor(places, at::kDouble).unsqueeze(1); }

TEST(TrustworthinessTest, OfTheRowsThemselvesIsOne) {
  const auto rows = random_rows(50, 2);
  EXPECT_DOUBLE_EQ(trustworthiness(rows, rows * 3 + 1, 7).value(), 1.0);
}

TEST(TrustworthinessTest, SixPointsByHand) {
  // Rows at 0, 1, 3, 6, 10, 15; in the map the last, 15, lies between 0 and 1. Nearest in the map, and its rank:
  // 0 -> 15 (5th), 1 -> 15 (5th), 3 -> 1 (1st), 6 -> 3 (1st), 10 -> 6 (1st), 15 -> 0 (5th); k = 1.
  const auto rows = on_a_line({0, 1, 3, 6, 10, 15}), map = on_a_line({0, 1, 3, 6, 10, 0.4});
  EXPECT_NEAR(trustworthiness(rows, map, 1).value(), 1.0 - 2.0 / (6 * 1 * (12 - 3 - 1)) * (4 + 4 + 4), 1e-12);
}

TEST(TrustworthinessTest, IsItsDefinitionWordByWord) {
  const auto rows = random_rows(90, 5), map = random_rows(90, 2, 2);
  const std::int64_t n = 90, k = 7;
  double sum = 0.0;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto order = (rows - rows[i]).square().sum(1).argsort();  // the row itself first
    const auto near = (map - map[i]).square().sum(1).argsort();
    for (std::int64_t j = 1; j <= k; ++j) {
      const auto rank = (order == near[j]).nonzero().item<std::int64_t>();
      sum += static_cast<double>(std::max<std::int64_t>(0, rank - k));
    }
  }
  const double wanted = 1.0 - 2.0 / static_cast<double>(n * k * (2 * n - 3 * k - 1)) * sum;
  EXPECT_NEAR(trustworthiness(rows, map, k).value(), wanted, 1e-12);
}

TEST(TrustworthinessTest, ByCosineLengthsDoNotCount) {
  const auto rows = random_rows(60, 4), map = random_rows(60, 2, 2);
  const auto scales = at::linspace(1.0, 9.0, 60, at::kDouble).unsqueeze(1);
  EXPECT_NEAR(trustworthiness(rows, map, 5, Metric::kCosine).value(),
              trustworthiness(rows * scales, map, 5, Metric::kCosine).value(), 1e-12);
}

TEST(TrustworthinessTest, RefusesWhatCannotBeJudged) {
  const auto rows = random_rows(10, 4), map = random_rows(10, 2);
  EXPECT_FALSE(trustworthiness(rows, map, 0));
  EXPECT_EQ(trustworthiness(rows, map, 5).error().message(),
            "trustworthiness: 5 neighbours of 10 points; wants 1 or more, and fewer than half of the points");
  EXPECT_TRUE(trustworthiness(rows, map, 4));
  EXPECT_FALSE(trustworthiness(rows, random_rows(9, 2), 3));
}

}  // namespace
}  // namespace oodml::embedding_map
