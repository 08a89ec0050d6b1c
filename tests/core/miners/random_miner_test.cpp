#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "core/miners/random.h"
#include "tests/core/distances/batches.h"

namespace oodml {
namespace {

using miners::draw_without_replacement;
using testing::labels_of;
using testing::seeded;

std::vector<std::int64_t> values_of(const torch::Tensor& tensor) {
  return {tensor.const_data_ptr<std::int64_t>(), tensor.const_data_ptr<std::int64_t>() + tensor.numel()};
}

TEST(DrawWithoutReplacementTest, EveryOrderedSampleIsEquallyLikely) {
  const auto five = at::scalar_tensor(5, at::kLong);
  constexpr int kRounds = 12000;
  std::map<std::vector<std::int64_t>, int> counts;
  for (int round = 0; round < kRounds; ++round) {
    ++counts[values_of(draw_without_replacement(five, 4, seeded(round)))];
  }
  ASSERT_EQ(counts.size(), 120u);  // 5 * 4 * 3 * 2
  double statistic = 0;
  for (const auto& [sample, count] : counts) {
    EXPECT_EQ(std::set<std::int64_t>(sample.begin(), sample.end()).size(), 4u);
    statistic += std::pow(count - kRounds / 120.0, 2) / (kRounds / 120.0);
  }
  EXPECT_NEAR(statistic, 119, 5 * std::sqrt(2 * 119));
}

TEST(DrawWithoutReplacementTest, AllOfASmallSetComesOutOnce) {
  for (int seed = 0; seed < 200; ++seed) {
    auto sample = values_of(draw_without_replacement(at::scalar_tensor(40, at::kLong), 64, seeded(seed)));
    sample.resize(40);
    EXPECT_EQ(std::set<std::int64_t>(sample.begin(), sample.end()).size(), 40u);
    EXPECT_EQ(*std::max_element(sample.begin(), sample.end()), 39);
  }
}

TEST(RandomMinerTest, DrawsAreDistinctValidAndUniform) {
  const auto labels = labels_of({0, 0, 0, 1, 1, 2});  // 6 * 3 + 2 * 4 = 26 triplets, class 2 has none
  const auto rows = testing::random_unit_rows(6, 3, 1);
  miners::Random miner;
  std::map<std::array<std::int64_t, 3>, int> counts;
  constexpr int kRounds = 6000;
  for (int round = 0; round < kRounds; ++round) {
    const auto t = miner.mine(rows, labels, seeded(round));
    ASSERT_TRUE(t.valid.all().item<bool>());
    const auto a = values_of(t.anchor), p = values_of(t.positive), n = values_of(t.negative), y = values_of(labels);
    std::set<std::array<std::int64_t, 3>> distinct;
    for (int i = 0; i < 6; ++i) {
      ASSERT_TRUE(a[i] != p[i] && y[a[i]] == y[p[i]] && y[a[i]] != y[n[i]]);
      distinct.insert({a[i], p[i], n[i]});
      ++counts[{a[i], p[i], n[i]}];
    }
    ASSERT_EQ(distinct.size(), 6u);
  }
  ASSERT_EQ(counts.size(), 26u);
  const double expected = 6.0 * kRounds / 26, deviation = std::sqrt(expected * (1 - 6.0 / 26));
  for (const auto& [triplet, count] : counts) EXPECT_NEAR(count, expected, 5 * deviation);
}

TEST(RandomMinerTest, FewerTripletsThanRowsComeOutOnceEachAndNoneIsFine) {
  miners::Random miner;
  const auto rows = testing::random_unit_rows(5, 3, 1);
  const auto few = miner.mine(rows, labels_of({0, 0, 1, 2, 3}), seeded(1));  // 2 * 3 = 6 >= 5
  EXPECT_EQ(few.valid.sum().item<std::int64_t>(), 5);
  const auto two = miner.mine(rows.slice(0, 0, 3), labels_of({0, 0, 1}), seeded(1));
  EXPECT_EQ(values_of(two.valid.to(at::kLong)), (std::vector<std::int64_t>{1, 1, 0}));
  EXPECT_NE(two.anchor[0].item<std::int64_t>(), two.anchor[1].item<std::int64_t>());
  for (const auto& labels : {labels_of({1, 1, 1, 1, 1}), labels_of({0, 1, 2, 3, 4})}) {
    EXPECT_FALSE(miner.mine(rows, labels, seeded(1)).valid.any().item<bool>());
  }
}

}  // namespace
}  // namespace oodml
