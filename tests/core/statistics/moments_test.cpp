#include "core/statistics/moments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/statistics/interquartile_mean.h"
#include "core/statistics/interval.h"
#include "tests/core/statistics/seeds_of_two_methods.h"

namespace oodml::statistics {
namespace {

TEST(MomentsTest, MeanAndBothDeviationsAreThoseOfNumPy) {
  EXPECT_DOUBLE_EQ(mean(kMethod), 0.6144);
  EXPECT_NEAR(standard_deviation(kMethod, Deviation::kPopulation), 0.013690872872099878, 1e-16);
  EXPECT_NEAR(standard_deviation(kMethod, Deviation::kSample), 0.015306861206661556, 1e-16);
}

TEST(MomentsTest, MissingValuesAreLeftOut) {
  const std::vector<double> values = {NAN, 2.0, NAN, 4.0};
  EXPECT_EQ(present(values), (std::vector<double>{2.0, 4.0}));
  EXPECT_EQ(mean(values), 3.0);
  EXPECT_EQ(standard_deviation(values, Deviation::kPopulation), 1.0);
  EXPECT_DOUBLE_EQ(standard_deviation(values, Deviation::kSample), std::sqrt(2.0));
}

TEST(MomentsTest, WhatTooFewValuesDoNotDefineIsNoNumber) {
  EXPECT_TRUE(std::isnan(mean({})));
  EXPECT_TRUE(std::isnan(standard_deviation({}, Deviation::kPopulation)));
  const std::vector<double> one = {0.6, NAN};
  EXPECT_EQ(mean(one), 0.6);
  EXPECT_EQ(standard_deviation(one, Deviation::kPopulation), 0.0);
  EXPECT_TRUE(std::isnan(standard_deviation(one, Deviation::kSample)));
}

TEST(MomentsTest, SmallValuesAreNotLostBesideLargeOnes) {
  EXPECT_EQ(sum(std::vector<double>{1e16, 1.0, 1.0, -1e16}), 2.0);
  EXPECT_EQ(sum(std::vector<double>{1.0, 1e100, 1.0, -1e100}), 2.0);
  EXPECT_EQ(mean(std::vector<double>{INFINITY, 1.0}), INFINITY);
  // the squares' sum minus the squared sum would be nothing but rounding
  EXPECT_DOUBLE_EQ(standard_deviation(std::vector<double>{1e9 + 1, 1e9 + 2, 1e9 + 3}, Deviation::kSample), 1.0);
}

TEST(IntervalTest, IsThatOfStudentsT) {
  const Interval interval = t_interval(kMethod);
  EXPECT_EQ(interval.n, 5U);
  EXPECT_NEAR(interval.low, 0.5953940215141866, 1e-14);
  EXPECT_NEAR(interval.high, 0.6334059784858135, 1e-14);
  EXPECT_NEAR(t_interval(kMethod, 0.9).low, 0.5998065783328036, 1e-14);
}

TEST(IntervalTest, OneSeedHasNone) {
  const Interval interval = t_interval(std::vector<double>{0.6, NAN});
  EXPECT_EQ(interval.n, 1U);
  EXPECT_TRUE(std::isnan(interval.low));
  EXPECT_TRUE(std::isnan(interval.high));
}

TEST(InterquartileMeanTest, CountsPartsOfTheValuesAtTheQuartiles) {
  // 2 and 5 each stand for half a place of the three in the middle: (1 + 3 + 4 + 2.5) / 3
  EXPECT_DOUBLE_EQ(interquartile_mean(std::vector<double>{6, 1, 5, 2, 4, 3, NAN}), 3.5);
  EXPECT_DOUBLE_EQ(interquartile_mean(std::vector<double>{0, 10, 20, 100, 1000, 0}),
                   (0.5 * 0 + 10 + 20 + 0.5 * 100) / 3);
  // of five places [1.25, 3.75): (0.75 * 0.604 + 0.612 + 0.75 * 0.621) / 2.5
  EXPECT_NEAR(interquartile_mean(kMethod), 0.6123, 1e-15);
}

TEST(InterquartileMeanTest, OfAMultipleOfFourIsTheTrimmedMean) {
  const std::vector<double> values = {3.1, 2.7, 8.9, 4.4, 5.0, 6.2, 1.3, 7.7, 5.5, 4.9, 2.2, 9.4};
  EXPECT_NEAR(interquartile_mean(values), 4.85, 1e-14);  // scipy.stats.trim_mean(values, 0.25)
}

TEST(InterquartileMeanTest, OfOneIsItAndOfNoneIsNoNumber) {
  EXPECT_EQ(interquartile_mean(std::vector<double>{0.7}), 0.7);
  EXPECT_TRUE(std::isnan(interquartile_mean({})));
}

}  // namespace
}  // namespace oodml::statistics
