#include "core/statistics/bootstrap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/statistics/interquartile_mean.h"
#include "tests/core/statistics/seeds_of_two_methods.h"

namespace oodml::statistics {
namespace {

using Kind = BootstrapOptions::Kind;

const std::vector<double> kTwelve = {3.1, 2.7, 8.9, 4.4, 5.0, 6.2, 1.3, 7.7, 5.5, 4.9, 2.2, 9.4};

TEST(BootstrapTest, AFewValuesAreResampledInEveryWay) {
  // of 27 resamples one is 1 1 1: 3.7 % lie at 1, more than the 2.5 % that are cut off, and less than 5 % on each side
  const std::vector<double> three = {1, 2, 4};
  const Interval at_95 = bootstrap_interval(three);
  EXPECT_EQ(at_95.n, 3U);
  EXPECT_DOUBLE_EQ(at_95.low, 1.0);
  EXPECT_DOUBLE_EQ(at_95.high, 4.0);
  // 1 1 1 and the three of 1 1 2 are 4 of 27, 14.8 %; of the upper end 4 4 4 and three of 4 4 2
  const Interval at_90 = bootstrap_interval(three, {.level = 0.9});
  EXPECT_DOUBLE_EQ(at_90.low, 4.0 / 3.0);
  EXPECT_DOUBLE_EQ(at_90.high, 10.0 / 3.0);
}

TEST(BootstrapTest, FiveSeedsGiveWhatCountingInPythonGives) {
  // numpy.quantile of the means of itertools.product(values, repeat=5), method inverted_cdf
  const Interval percentile = bootstrap_interval(kMethod);
  EXPECT_NEAR(percentile.low, 0.6032, 1e-12);
  EXPECT_NEAR(percentile.high, 0.6272, 1e-12);
  const Interval bca = bootstrap_interval(kMethod, {.kind = Kind::kBca});
  EXPECT_NEAR(bca.low, 0.6044, 1e-12);
  EXPECT_NEAR(bca.high, 0.6288, 1e-12);
}

TEST(BootstrapTest, ManyValuesAreDrawnAndComeNearSciPy) {
  // scipy.stats.bootstrap with 400 000 draws; the means of resamples have steps of 0.00833
  const BootstrapOptions many = {.draws = 100'000, .seed = 3};
  const Interval percentile = bootstrap_interval(kTwelve, many);
  EXPECT_NEAR(percentile.low, 3.7333, 0.02);
  EXPECT_NEAR(percentile.high, 6.5333, 0.02);
  const Interval bca = bootstrap_interval(kTwelve, {.kind = Kind::kBca, .draws = 100'000});
  EXPECT_NEAR(bca.low, 3.775, 0.02);
  EXPECT_NEAR(bca.high, 6.5917, 0.02);
}

TEST(BootstrapTest, ASeedGivesTheSameIntervalInWhateverOrder) {
  std::vector<double> turned = kTwelve;
  std::ranges::reverse(turned);
  const Interval first = bootstrap_interval(kTwelve, {.draws = 500, .seed = 7});
  const Interval again = bootstrap_interval(turned, {.draws = 500, .seed = 7});
  EXPECT_EQ(first.low, again.low);
  EXPECT_EQ(first.high, again.high);
}

TEST(BootstrapTest, TakesOtherEstimators) {
  const Interval interval = bootstrap_interval(std::vector<double>{0, 0, 0, 8}, interquartile_mean, {.level = 0.9});
  // the middle half of four is 8 8 where three or four are 8: 13 of 256 resamples, more than 5 %
  EXPECT_EQ(interval.low, 0.0);
  EXPECT_EQ(interval.high, 8.0);
}

TEST(BootstrapTest, AlikeValuesHaveNoWidthAndOneHasNoInterval) {
  const Interval alike = bootstrap_interval(std::vector<double>{0.5, 0.5, NAN}, {.kind = Kind::kBca});
  EXPECT_EQ(alike.n, 2U);
  EXPECT_EQ(alike.low, 0.5);
  EXPECT_EQ(alike.high, 0.5);
  const Interval one = bootstrap_interval(std::vector<double>{0.5});
  EXPECT_EQ(one.n, 1U);
  EXPECT_TRUE(std::isnan(one.low));
}

}  // namespace
}  // namespace oodml::statistics
