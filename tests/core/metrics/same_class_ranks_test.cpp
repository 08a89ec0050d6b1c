#include "core/metrics/same_class_ranks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
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
      same_class_ranks(keys, members, dropped, RankDepth::up_to(limit), {}, got);
      const std::int64_t needed = std::max<std::int64_t>(limit, static_cast<std::int64_t>(members.size()));
      const auto within = std::upper_bound(want.begin(), want.end(), needed) - want.begin();
      ASSERT_GE(static_cast<std::ptrdiff_t>(got.size()), within);
      EXPECT_EQ(got, Positions(want.begin(), want.begin() + static_cast<std::ptrdiff_t>(got.size())));
    }
  }
}

TEST(SameClassRanksTest, NearPartIsWhatLiesUpToAKeyAndKnowsItsRows) {
  const auto keys = drawn_keys(1000, 100, 5);
  NearPart part;
  for (const Key last : {-1, 0, 7, 99, 1000}) {
    part.take(keys, last);
    Positions want;
    for (std::size_t row = 0; row < keys.size(); ++row) {
      if (keys[row] <= last) want.push_back(static_cast<std::int64_t>(row));
    }
    ASSERT_EQ(part.keys().size(), want.size()) << last;
    for (std::size_t p = 0; p < want.size(); ++p) {
      EXPECT_EQ(part.row_of(p), want[p]);
      EXPECT_EQ(part.keys()[p], keys[want[p]]);
    }
  }
}

/// Keys as the bits of floats, each off by up to `off` from a value that only `exactly` knows.
struct Screened {
  std::vector<Key> keys;
  std::vector<double> values;
  RowOrder order;

  Screened(std::size_t n, float off, unsigned seed) {
    std::mt19937 generator(seed);
    std::uniform_real_distribution<double> value(0.0, 1.0), error(-off, off);
    for (std::size_t i = 0; i < n; ++i) {
      values.push_back(i % 11 == 3 ? values[i / 2] : value(generator));  // some tie
      keys.push_back(std::bit_cast<Key>(static_cast<float>(std::max(values.back() + error(generator), 0.0))));
    }
    order = {.margin = {2.0f * off}, .exactly = [this](std::int64_t row) { return values[row]; }};
  }
  Screened(const Screened&) = delete;

  Positions ranks(const Positions& members, std::int64_t dropped) const {
    Positions sorted(values.size());
    std::iota(sorted.begin(), sorted.end(), 0);
    std::erase(sorted, dropped);
    std::stable_sort(sorted.begin(), sorted.end(), [&](auto a, auto b) { return values[a] < values[b]; });
    Positions found;
    for (std::size_t r = 0; r < sorted.size(); ++r) {
      if (std::ranges::count(members, sorted[r]) != 0) found.push_back(static_cast<std::int64_t>(r) + 1);
    }
    return found;
  }
};

TEST(SameClassRanksTest, WhatTheMarginLeavesOpenIsDecidedExactly) {
  for (const float off : {1e-7f, 1e-3f, 0.02f, 0.6f}) {
    for (const std::int64_t step : {1, 2, 7, 40, 300}) {
      SCOPED_TRACE("off by " + std::to_string(off) + ", every " + std::to_string(step));
      Screened set(1000, off, static_cast<unsigned>(step));
      const Positions members = every(step, set.keys.size());
      const std::int64_t dropped = members[members.size() / 3];
      const Positions want = set.ranks(members, dropped);
      Positions got;
      auto keys = set.keys;
      same_class_ranks(keys, members, dropped, RankDepth::kAll, set.order, got);
      EXPECT_EQ(got, want);
      keys = set.keys;
      same_class_ranks(keys, members, dropped, RankDepth::kFirst, set.order, got);
      EXPECT_EQ(got, Positions(want.begin(), want.begin() + std::min<std::ptrdiff_t>(1, std::ssize(want))));
      keys = set.keys;
      same_class_ranks(keys, members, dropped, RankDepth::up_to(120), set.order, got);
      const auto needed = std::max<std::int64_t>(120, std::ssize(members));
      EXPECT_EQ(got, Positions(want.begin(), std::upper_bound(want.begin(), want.end(), needed)));

      const auto nearest = std::ranges::min_element(set.values) - set.values.begin();
      EXPECT_EQ(nearest_row(set.keys, set.order), nearest);
    }
  }
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
