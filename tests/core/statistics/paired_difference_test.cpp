#include "core/statistics/paired_difference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <vector>

#include "tests/core/statistics/seeds_of_two_methods.h"

namespace oodml::statistics {
namespace {

TEST(PairedDifferenceTest, IsThatOfSciPy) {
  const PairedDifference difference = paired_difference({kMethod, kBaseline});
  EXPECT_EQ(difference.n, 5U);
  EXPECT_NEAR(difference.mean, 0.0104, 1e-15);
  EXPECT_NEAR(difference.sd, 0.012680693987317897, 1e-15);
  EXPECT_NEAR(difference.interval.low, -0.005345161196291564, 1e-13);
  EXPECT_NEAR(difference.interval.high, 0.026145161196291584, 1e-13);
  EXPECT_NEAR(difference.t, 1.8338986012323557, 1e-12);  // scipy.stats.ttest_rel
  EXPECT_NEAR(difference.p_t, 0.14059001743453037, 1e-12);
  EXPECT_EQ(difference.p_flip, 0.1875);  // permutation_test(..., permutation_type='samples', n_resamples=inf)
}

TEST(PairedDifferenceTest, SignsAreCountedByHand) {
  // 1 2 4: of the eight sums only 7 and -7 lie as far; with -1 in the first place 5 and 7, and their opposites
  EXPECT_EQ(paired_difference({{1, 2, 4}, {0, 0, 0}}).p_flip, 2.0 / 8.0);
  EXPECT_EQ(paired_difference({{-1, 2, 4}, {0, 0, 0}}).p_flip, 4.0 / 8.0);
  EXPECT_EQ(paired_difference({{1}, {0}}).p_flip, 1.0);
}

TEST(PairedDifferenceTest, EqualSumsCountHoweverTheyRound) {
  // 0.1 + 0.2 - 0.3 and its opposite are 0 but for rounding, as is every mean of these differences
  EXPECT_EQ(paired_difference({{0.1, 0.2, -0.3}, {0, 0, 0}}).p_flip, 1.0);
}

TEST(PairedDifferenceTest, DifferencesAllAlike) {
  const PairedDifference same = paired_difference({{0.5, 0.6}, {0.5, 0.6}});
  EXPECT_EQ(same.p_t, 1.0);
  EXPECT_EQ(same.p_flip, 1.0);
  const PairedDifference apart = paired_difference({{1.5, 2.5}, {1.0, 2.0}});
  EXPECT_EQ(apart.t, INFINITY);
  EXPECT_EQ(apart.p_t, 0.0);
  EXPECT_EQ(apart.p_flip, 0.5);
}

TEST(PairedDifferenceTest, OneSeedHasADifferenceAndNoTest) {
  const PairedDifference one = paired_difference({{0.7}, {0.5}});
  EXPECT_NEAR(one.mean, 0.2, 1e-15);
  EXPECT_TRUE(std::isnan(one.sd));
  EXPECT_TRUE(std::isnan(one.p_t));
  EXPECT_TRUE(std::isnan(one.interval.low));
  const PairedDifference none = paired_difference({});
  EXPECT_EQ(none.n, 0U);
  EXPECT_TRUE(std::isnan(none.mean));
  EXPECT_TRUE(std::isnan(none.p_flip));
}

TEST(PairedDifferenceTest, PairsAreOfSeedsThatBothHave) {
  const std::map<std::int64_t, double> method = {{0, 0.6}, {1, 0.7}, {2, NAN}, {4, 0.9}};
  const std::map<std::int64_t, double> baseline = {{0, 0.5}, {2, 0.5}, {3, 0.1}, {4, 0.4}};
  const Pairs pairs = pairs_of(method, baseline);
  EXPECT_EQ(pairs.first, (std::vector<double>{0.6, 0.9}));
  EXPECT_EQ(pairs.second, (std::vector<double>{0.5, 0.4}));
}

TEST(PairedDifferenceTest, ListsOfUnequalLengthsAreABug) {
  EXPECT_THROW(paired_difference({{1.0}, {}}), std::invalid_argument);
}

}  // namespace
}  // namespace oodml::statistics
