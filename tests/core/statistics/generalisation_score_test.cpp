#include "core/statistics/generalisation_score.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace oodml::statistics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(GeneralisationScoreTest, IsTheAreaOverTheFidScaledToOneInAnyOrder) {
  // By hand: (10 (0.8 + 0.6) / 2 + 30 (0.6 + 0.2) / 2) / 40
  EXPECT_NEAR(generalisation_score({{50, 0.2}, {10, 0.8}, {20, 0.6}}), 0.475, 1e-15);
  EXPECT_NEAR(generalisation_score({{3, 0.7}, {4, 0.7}, {9, 0.7}}), 0.7, 1e-15) << "flat: the figure itself";
  EXPECT_NEAR(generalisation_score({{1, 0.2}, {1, 0.4}, {2, 0.4}}), 0.4, 1e-15) << "a step has no width";
}

TEST(GeneralisationScoreTest, WithoutARangeOrWithAHoleThereIsNone) {
  EXPECT_TRUE(std::isnan(generalisation_score({})));
  EXPECT_TRUE(std::isnan(generalisation_score({{10, 0.5}})));
  EXPECT_TRUE(std::isnan(generalisation_score({{10, 0.5}, {10, 0.6}})));
  EXPECT_TRUE(std::isnan(generalisation_score({{10, 0.5}, {20, kNaN}, {30, 0.1}})));
  EXPECT_TRUE(std::isnan(generalisation_score({{10, 0.5}, {kNaN, 0.4}, {30, 0.1}})));
}

}  // namespace
}  // namespace oodml::statistics
