#include "core/statistics/correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "core/statistics/least_squares.h"

namespace oodml::statistics {
namespace {

const std::vector<double> kFid = {19, 37, 62, 80, 111, 174};
const std::vector<double> kRecall = {0.71, 0.69, 0.69, 0.66, 0.63, 0.605};

TEST(CorrelationTest, IsThatOfSciPy) {
  const Correlation correlation = pearson(kFid, kRecall);  // scipy.stats.pearsonr
  EXPECT_EQ(correlation.n, 6U);
  EXPECT_NEAR(correlation.r, -0.9738490026743299, 1e-14);
  EXPECT_NEAR(correlation.p, 0.0010168699894736795, 1e-14);
}

TEST(CorrelationTest, PairsWithAHoleAreLeftOut) {
  const std::vector<double> x = {1, NAN, 2, 3, 9}, y = {2, 5, 4, 6, NAN};
  const Correlation correlation = pearson(x, y);
  EXPECT_EQ(correlation.n, 3U);
  EXPECT_DOUBLE_EQ(correlation.r, 1.0);
  EXPECT_NEAR(correlation.p, 0.0, 1e-7);
  const Line line = least_squares_line(x, y);
  EXPECT_EQ(line.n, 3U);
  EXPECT_DOUBLE_EQ(line.slope, 2.0);
  EXPECT_NEAR(line.intercept, 0.0, 1e-15);
}

TEST(CorrelationTest, WithoutVariationThereIsNone) {
  const std::vector<double> flat = {2, 2, 2}, rising = {1, 2, 3};
  EXPECT_TRUE(std::isnan(pearson(flat, rising).r));
  EXPECT_TRUE(std::isnan(pearson(rising, flat).r));
  EXPECT_TRUE(std::isnan(pearson(std::vector<double>{1.0}, std::vector<double>{2.0}).r));
  EXPECT_TRUE(std::isnan(least_squares_line(flat, rising).slope));
  EXPECT_EQ(least_squares_line(rising, flat).slope, 0.0);
}

TEST(CorrelationTest, OfTwoPairsHasNoTest) {
  const Correlation correlation = pearson(std::vector<double>{1, 2}, std::vector<double>{5, 3});
  EXPECT_DOUBLE_EQ(correlation.r, -1.0);
  EXPECT_TRUE(std::isnan(correlation.p));
}

TEST(CorrelationTest, UnequalListsAreABug) {
  EXPECT_THROW(pearson(kFid, std::vector<double>{1.0}), std::invalid_argument);
}

TEST(LeastSquaresTest, IsThatOfSciPy) {
  const Line line = least_squares_line(kFid, kRecall);  // scipy.stats.linregress
  EXPECT_NEAR(line.slope, -0.0007006278084068961, 1e-16);
  EXPECT_NEAR(line.intercept, 0.7205672052434218, 1e-14);
  EXPECT_NEAR(line.at(100), 0.7205672052434218 - 0.07006278084068961, 1e-14);
}

TEST(LeastSquaresTest, FarFromTheOriginNothingIsLost) {
  const std::vector<double> x = {1e9, 1e9 + 1, 1e9 + 2}, y = {1, 3, 5};
  EXPECT_DOUBLE_EQ(least_squares_line(x, y).slope, 2.0);
  EXPECT_DOUBLE_EQ(pearson(x, y).r, 1.0);
}

}  // namespace
}  // namespace oodml::statistics
