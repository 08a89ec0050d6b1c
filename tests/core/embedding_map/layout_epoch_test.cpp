#include "core/embedding_map/layout_epoch.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::embedding_map {
namespace {

TEST(LayoutPowerTest, IsNearThatOfTheLibrary) {
  for (const float exponent : {0.3f, 0.7905f, 0.89506f, 1.5f}) {
    for (double x = 1e-12; x < 1e9; x *= 1.37) {
      const double wanted = std::pow(x, static_cast<double>(exponent));
      EXPECT_NEAR(layout_power(static_cast<float>(x), exponent) / wanted, 1.0, 1e-5) << x << " " << exponent;
    }
  }
  EXPECT_LT(layout_power(0.0f, 0.9f), 1e-30f);
}

/// Two points, one edge, whose turn has come.
LayoutState two_points(float apart) {
  return {
      .x = {0.0f, apart}, .y = {0.0f, 0.0f}, .starts = {0, 1, 1}, .to = {1}, .epochs_between = {1.0f}, .next = {1.0f}};
}

TEST(RunEpochTest, AnEdgePullsItsEndsTogetherAndWaitsForItsTurn) {
  const Curve curve{1.0, 1.0};
  LayoutState state = two_points(100.0f);
  run_epoch(state, curve, 0, 1.0, 7);
  EXPECT_EQ(state.x, (std::vector<float>{0.0f, 100.0f})) << "its first turn is epoch 1";
  run_epoch(state, curve, 1, 1.0, 7);
  // 2 b a d^(2b - 1) / (1 + a d^(2b)) = 200 / 10001; random points push the first end by less than 5 * 2 / d^3.
  EXPECT_NEAR(state.x[1], 100.0 - 200.0 / 10001, 2e-5);
  EXPECT_NEAR(state.x[0], 200.0 / 10001, 3e-5);
  EXPECT_EQ(state.next[0], 2.0f);
}

TEST(RunEpochTest, GradientsAreCut) {
  // At distance 0.02 the push of a random point is 2 / 0.0014 * 0.02, cut to 4; of five points those that are the
  // other.
  LayoutState state = two_points(0.02f);
  run_epoch(state, {1.0, 1.0}, 1, 1.0, 7);
  EXPECT_LE(std::abs(state.x[0]), 20.1f);
  EXPECT_GE(std::abs(state.x[0]), 3.9f);
  EXPECT_NEAR(std::remainder(state.x[0], 4.0f), 0.0, 0.1);
}

}  // namespace
}  // namespace oodml::embedding_map
