#include "core/embedding_map/near_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/core/embedding_map/random_rows.h"

namespace oodml::embedding_map {
namespace {

using Rows = std::vector<std::int64_t>;

Rows listed(std::span<const std::int64_t> rows) { return {rows.begin(), rows.end()}; }

/// One row after the other, by differences in double.
void expect_exact(const torch::Tensor& rows, std::int64_t each) {
  const NearRows near = near_rows(rows, each);
  for (std::int64_t i = 0; i < rows.size(0); ++i) {
    const auto squared = (rows - rows[i]).square().sum(1);
    std::vector<std::pair<double, std::int64_t>> order;
    for (std::int64_t j = 0; j < rows.size(0); ++j) {
      if (j != i) order.emplace_back(squared[j].item<double>(), j);
    }
    std::ranges::sort(order);
    for (std::int64_t k = 0; k < each; ++k) {
      const double distance = std::sqrt(order[static_cast<std::size_t>(k)].first);
      EXPECT_NEAR(near.distances_of(i)[static_cast<std::size_t>(k)], distance, 1e-12 * (1 + distance)) << i << " " << k;
    }
  }
}

TEST(NearRowsTest, OnALineByHand) {
  const auto rows = at::tensor({0.0, 1.0, 3.0, 3.5}, at::kDouble).unsqueeze(1);
  const NearRows near = near_rows(rows, 2);
  EXPECT_EQ(listed(near.rows_of(0)), (Rows{1, 2}));
  EXPECT_EQ(listed(near.rows_of(1)), (Rows{0, 2}));
  EXPECT_EQ(listed(near.rows_of(3)), (Rows{2, 1}));
  EXPECT_DOUBLE_EQ(near.distances_of(3)[0], 0.5);
  EXPECT_DOUBLE_EQ(near.distances_of(3)[1], 2.5);
}

TEST(NearRowsTest, EqualDistancesAreInOrderOfTheRows) {
  const auto rows = at::tensor({0.0, 1.0, -1.0, 1.0, 0.0}, at::kDouble).unsqueeze(1);
  EXPECT_EQ(listed(near_rows(rows, 4).rows_of(0)), (Rows{4, 1, 2, 3}));
}

TEST(NearRowsTest, OfManyCopiesThoseOfTheFirstRowsAreTaken) {
  const NearRows near = near_rows(at::ones({90, 3}, at::kDouble), 3);
  EXPECT_EQ(listed(near.rows_of(50)), (Rows{0, 1, 2}));
  EXPECT_EQ(listed(near.rows_of(1)), (Rows{0, 2, 3}));
}

TEST(NearRowsTest, AreThoseOfDoublePrecisionInManyTiles) { expect_exact(random_rows(700, 20), 15); }

TEST(NearRowsTest, ManyCopiesInTilesAreInOrderOfTheRows) {
  auto rows = random_rows(600, 4);
  rows.narrow(0, 100, 500).copy_(rows.narrow(0, 0, 100).repeat({5, 1}));
  const NearRows near = near_rows(rows, 7);
  EXPECT_EQ(listed(near.rows_of(333)).front(), 33);
  EXPECT_EQ(Rows(near.rows_of(333).begin(), near.rows_of(333).begin() + 5), (Rows{33, 133, 233, 433, 533}));
  expect_exact(rows, 7);
}

TEST(NearRowsTest, ThreadsDoNotChangeABit) {
  const auto rows = random_rows(1000, 30);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const NearRows of_one = near_rows(rows, 20);
  at::set_num_threads(4);
  const NearRows of_four = near_rows(rows, 20);
  at::set_num_threads(threads);
  EXPECT_EQ(of_one.rows, of_four.rows);
  EXPECT_EQ(of_one.distances, of_four.distances);
}

TEST(NearRowsTest, SinglePrecisionOnlyScreens) {
  // Two tight groups so far apart that products in float hold nothing of the distances within one.
  auto rows = random_rows(80, 6) * 1e-7;
  rows.narrow(0, 40, 40).add_(1000.0);
  expect_exact(rows, 5);
  rows.narrow(0, 40, 40).sub_(999.0);  // double is enough
  expect_exact(rows, 5);
  expect_exact(random_rows(60, 3) * 1e-30, 5);
  expect_exact(random_rows(60, 3) * 1e30, 5);
  auto many = random_rows(300, 6) * 1e-7;  // enough for tiles
  many.narrow(0, 100, 200).add_(1000.0);
  expect_exact(many, 5);
}

TEST(NearRowsTest, AllOthersAndNone) {
  expect_exact(random_rows(9, 2), 8);
  EXPECT_TRUE(near_rows(random_rows(3, 2), 0).rows.empty());
}

}  // namespace
}  // namespace oodml::embedding_map
