#include "core/catalogue/best_epoch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(BestEpochTest, IsTheFirstThatReachesTheLargestValue) {
  EXPECT_EQ(best_epoch("e_recall@1", {{1, 0.3}, {2, 0.5}, {3, 0.5}, {4, 0.4}}, true), 2);
  EXPECT_EQ(best_epoch("nmi", {{5, -0.2}, {10, -0.1}}, true), 10);
  EXPECT_EQ(best_epoch("mAP_c", {{7, 0.0}}, true), 7);
}

TEST(BestEpochTest, TheUntrainedNetworkIsBestOnlyOfATrialThatTrainsNothing) {
  EXPECT_EQ(best_epoch("e_recall@1", {{0, 0.9}, {1, 0.3}, {2, 0.2}}, true), 1);
  EXPECT_EQ(best_epoch("e_recall@1", {{0, 0.9}}, true), std::nullopt) << "the first epoch is still to come";
  EXPECT_EQ(best_epoch("e_recall@1", {{0, 0.9}}, false), 0);
}

TEST(BestEpochTest, ValuesThatAreNotFiniteAreNeverBestAndHideNothing) {
  EXPECT_EQ(best_epoch("nmi", {{1, kNaN}, {2, 0.1}, {3, kInfinity}, {4, -kInfinity}}, true), 2);
  EXPECT_EQ(best_epoch("nmi", {{1, kNaN}, {2, kNaN}}, true), std::nullopt);
  EXPECT_EQ(best_epoch("nmi", {{0, 0.7}, {1, kNaN}}, true), std::nullopt) << "not the untrained epoch instead";
  EXPECT_EQ(best_epoch("nmi", {}, true), std::nullopt);
}

TEST(BestEpochTest, MeansOverEpisodesAreJudgedAsTheirMetric) {
  for (const char* name : {"few_shot.e_recall@1", "zero_shot.nmi"}) EXPECT_TRUE(larger_is_better(name)) << name;
  for (const char* name :
       {"few_shot.dists@intra", "few_shot_conf.nmi", "zero_shot_conf.nmi", "gain.nmi", "few_shot."}) {
    EXPECT_FALSE(larger_is_better(name)) << name;
  }
}

TEST(BestEpochTest, FiguresOfWhichMoreIsNotBetterHaveNone) {
  for (const char* name :
       {"dists@intra", "dists@intra_over_inter", "rho_spectrum@1", "loss", "seconds", "fid", "", "@1"}) {
    EXPECT_FALSE(larger_is_better(name)) << name;
    EXPECT_EQ(best_epoch(name, {{1, 0.5}, {2, 0.6}}, true), std::nullopt) << name;
  }
  for (const char* name : {"e_recall@1", "c_recall@1000", "nmi", "c_f1", "mAP", "c_mAP_lim"}) {
    EXPECT_TRUE(larger_is_better(name)) << name;
  }
  for (const Component& metric : components(Kind::kMetric)) {
    EXPECT_NE(larger_is_better(metric.name), metric.is_distance) << metric.name;
  }
}

}  // namespace
}  // namespace oodml::catalogue
