// From a trial's course to its figures, and from figures to spreads.

#include "coordinator/results/figures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "coordinator/results/spread.h"

namespace oodml::coordinator::testing {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(SpreadTest, MeanDeviationAndIntervalByHand) {
  const Spread spread = results::spread_of({0.5, 0.6, kNaN, 0.65});
  EXPECT_EQ(spread.n, 3);
  EXPECT_NEAR(spread.mean, 0.5833333333333334, 1e-15);
  EXPECT_NEAR(spread.sd, 0.07637626158259735, 1e-15);
  EXPECT_NEAR(spread.half_width, 0.189729151679838, 1e-12);
}

TEST(SpreadTest, WhatIsUndefinedIsNaN) {
  const Spread one = results::spread_of({0.5});
  EXPECT_EQ(one.n, 1);
  EXPECT_EQ(one.mean, 0.5);
  EXPECT_TRUE(std::isnan(one.sd) && std::isnan(one.half_width));
  const Spread none = results::spread_of({kNaN});
  EXPECT_EQ(none.n, 0);
  EXPECT_TRUE(std::isnan(none.mean));
}

store::Curve curve(std::int64_t series, const std::string& set, const std::string& name,
                   std::map<std::int64_t, double> values) {
  return {.series = series, .set = set, .embeds = "embeds", .name = name, .values = std::move(values)};
}

TEST(FiguresTest, EachMetricHasItsOwnBestEpochTheFirstThatReachesIt) {
  const auto figures = results::figures_of({curve(1, "test", "e_recall@1", {{1, 0.3}, {2, 0.5}, {3, 0.5}, {4, 0.4}}),
                                            curve(2, "test", "nmi", {{1, 0.7}, {2, kNaN}, {3, 0.6}, {4, 0.2}})});
  EXPECT_EQ(figures[0].best, 0.5);
  EXPECT_EQ(figures[0].best_epoch, 2);
  EXPECT_EQ(figures[0].last, 0.4);
  EXPECT_EQ(figures[0].last_epoch, 4);
  EXPECT_TRUE(std::isnan(figures[0].selected));
  EXPECT_EQ(figures[1].best_epoch, 1);
}

TEST(FiguresTest, DistancesAreReadAtTheBestRecallOfTheirSetOrOfTheTestSetOrAtTheEnd) {
  const auto recall = curve(1, "test", "e_recall@1", {{1, 0.3}, {2, 0.5}, {3, 0.4}});
  const auto figures = results::figures_of({recall, curve(2, "test", "dists@intra", {{1, 0.9}, {2, 0.2}, {3, 0.1}}),
                                            curve(3, "train", "dists@intra", {{1, 0.8}, {2, 0.6}, {3, 0.7}}),
                                            curve(4, "train", "loss", {{1, 3.0}, {2, 2.0}, {3, 1.0}})});
  EXPECT_EQ(figures[1].best, 0.2);
  EXPECT_EQ(figures[2].best, 0.6);
  EXPECT_EQ(figures[3].best, 2.0);
  EXPECT_EQ(results::figures_of({curve(4, "train", "loss", {{1, 3.0}, {2, 1.0}})})[0].best, 1.0);
}

TEST(FiguresTest, TheUntrainedNetworkIsBestOnlyWhenNothingWasTrained) {
  EXPECT_EQ(results::figures_of({curve(1, "test", "nmi", {{0, 0.9}, {1, 0.3}})})[0].best, 0.3);
  EXPECT_EQ(results::figures_of({curve(1, "test", "nmi", {{0, 0.9}})})[0].best, 0.9);
}

TEST(FiguresTest, ValidationSelectsTheEpoch) {
  const auto figures = results::figures_of(
      {curve(1, "val", "e_recall@1", {{1, 0.6}, {2, 0.5}}), curve(2, "test", "e_recall@1", {{1, 0.3}, {2, 0.4}})});
  EXPECT_EQ(figures[1].best, 0.4);
  EXPECT_EQ(figures[1].selected, 0.3);
  EXPECT_EQ(figures[1].selected_epoch, 1);
}

TEST(FiguresTest, AFewShotFigureIsItsOneValueWhateverEpochsAreBestElsewhere) {
  const auto figures = results::figures_of(
      {curve(1, "val", "e_recall@1", {{1, 0.6}, {2, 0.5}, {3, 0.2}}), curve(2, "test", "e_recall@1", {{1, 0.9}}),
       curve(3, "test", "few_shot.e_recall@1", {{2, 0.4}}), curve(4, "test", "gain.e_recall@1", {{2, -0.1}}),
       curve(5, "test", "few_shot_conf.dists@intra", {{2, 0.03}}), curve(6, "test", "gain.nmi", {{2, kNaN}})});
  EXPECT_EQ(figures[2].best, 0.4);
  EXPECT_EQ(figures[2].last, 0.4);
  EXPECT_EQ(figures[2].best_epoch, 2);
  EXPECT_TRUE(std::isnan(figures[2].selected)) << "the trial itself selected it";
  EXPECT_EQ(figures[3].best, -0.1);
  EXPECT_EQ(figures[4].best, 0.03);
  EXPECT_TRUE(std::isnan(figures[5].best));
}

}  // namespace
}  // namespace oodml::coordinator::testing
