#include "core/metrics/same_class_ranks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "core/metrics/near_part.h"

namespace oodml::metrics {
namespace {

using Positions = std::vector<std::int64_t>;

/// Few values, so that keys tie often.
std::vector<Key> drawn_keys(std::size_t n, Key values, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<Key> keys(n);
  for (Key& key : keys) key = static_cast<Key>(generator() % static_cast<unsigned>(values));
  return keys;
}

Positions every(std::int64_t step, std::size_t n) {
  Positions positions;
  for (std::int64_t p = step / 2; p < static_cast<std::int64_t>(n); p += step) positions.push_back(p);
  return positions;
}

/// The definition: 1 + how many come before, the dropped entry in none of them.
Positions by_definition(const std::vector<Key>& keys, const Positions& members, std::int64_t dropped) {
  Positions order(keys.size()), ranks;
  std::iota(order.begin(), order.end(), 0);
  std::erase(order, dropped);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return keys[a] < keys[b]; });
  for (std::size_t r = 0; r < order.size(); ++r) {
    if (std::ranges::count(members, order[r]) != 0) ranks.push_back(static_cast<std::int64_t>(r) + 1);
  }
  return ranks;
}

TEST(SameClassRanksTest, EveryRankUpToTheLimitIsThereAndNoneIsWrong) {
  for (const std::int64_t step : {1, 2, 7, 40, 300}) {
    for (const std::int64_t limit : {0, 1, 30, 500, 999, 100000}) {
      SCOPED_TRACE("every " + std::to_string(step) + ", limit " + std::to_string(limit));
      auto keys = drawn_keys(1000, step == 7 ? 1'000'000 : 60, static_cast<unsigned>(step));
      const Positions members = every(step, keys.size());
      const std::int64_t dropped = members[members.size() / 2];
      const Positions want = by_definition(keys, members, dropped);
      Positions got;
      same_class_ranks(keys, members, dropped, RankDepth::up_to(limit), got);
      const std::int64_t needed = std::max<std::int64_t>(limit, static_cast<std::int64_t>(members.size()));
      const auto within = std::upper_bound(want.begin(), want.end(), needed) - want.begin();
      ASSERT_GE(static_cast<std::ptrdiff_t>(got.size()), within);
      EXPECT_EQ(got, Positions(want.begin(), want.begin() + static_cast<std::ptrdiff_t>(got.size())));
    }
  }
}

TEST(SameClassRanksTest, NearPartLeavesOutWhatNoRankNeeds) {
  std::vector<Key> keys(2000);
  std::iota(keys.begin(), keys.end(), 0);
  NearPart part;
  take_near_part(keys, every(100, keys.size()), 160, part);
  EXPECT_EQ(part.members, (Positions{50, 150}));
  EXPECT_EQ(part.keys.size(), 151u);
  take_near_part(keys, every(100, keys.size()), 50, part);  // the first member has rank 51
  EXPECT_TRUE(part.members.empty());
  EXPECT_TRUE(part.keys.empty());
}

TEST(SameClassRanksTest, WhatServesTwoMetricsServesEach) {
  EXPECT_TRUE(RankDepth::kFirst.with(RankDepth::kFirst).first_only);
  const RankDepth both = RankDepth::kFirst.with(RankDepth::up_to(1000));
  EXPECT_FALSE(both.first_only);
  EXPECT_EQ(both.limit, 1000);
  EXPECT_EQ(RankDepth::kAll.with(both).limit, RankDepth::kAll.limit);
}

}  // namespace
}  // namespace oodml::metrics
