#include "core/figures/axis_ends.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::figures {
namespace {

TEST(AxisEndsTest, FollowTheNumbersWithALittleRoom) {
  const Panel panel = {.series = {{.x = {10, 20, NAN}, .y = {1, 2, 3}, .low = {0, 1, 2}, .high = {5, 3, 4}},
                                  {.x = {15}, .y = {900}, .on_right_axis = true}}};
  const Panel ended = with_ends(panel);
  EXPECT_DOUBLE_EQ(*ended.x.low, 9.2);  // 8 % of 10
  EXPECT_DOUBLE_EQ(*ended.x.high, 20.8);
  EXPECT_DOUBLE_EQ(*ended.y.low, -0.4);  // error bars count, the right axis does not
  EXPECT_DOUBLE_EQ(*ended.y.high, 5.4);
}

TEST(AxisEndsTest, EndsThatAreSetStay) {
  const Panel panel = {.y = {.low = 0.0}, .series = {{.x = {1, 1}, .y = {2, 4}}}};
  const Panel ended = with_ends(panel);
  EXPECT_EQ(*ended.y.low, 0.0);
  EXPECT_LT(*ended.x.low, 1.0);  // a single value has room as well
  EXPECT_GT(*ended.x.high, 1.0);
  EXPECT_FALSE(with_ends(Panel{}).x.low.has_value());
}

TEST(AxisEndsTest, LogarithmicOnesHaveRoomInDecades) {
  const Panel panel = {.y = {.logarithmic = true}, .series = {{.x = {0, 1, 2}, .y = {1, 100, 0}}}};
  EXPECT_NEAR(std::log10(*with_ends(panel).y.low), -0.16, 1e-12);
  EXPECT_NEAR(std::log10(*with_ends(panel).y.high), 2.16, 1e-12);
}

TEST(TicStepTest, IsRoundAndLeavesRoomForTheNumbers) {
  EXPECT_DOUBLE_EQ(tic_step(0, 200, 6.8, 0.85), 50.0);    // eight at most: 25 or more
  EXPECT_DOUBLE_EQ(tic_step(0.3, 0.4, 2.8, 0.85), 0.05);  // three at most
  EXPECT_DOUBLE_EQ(tic_step(0, 100, 10, 1.0), 10.0);
  EXPECT_EQ(tic_step(5, 5, 6, 1), 0.0);
}

}  // namespace
}  // namespace oodml::figures
