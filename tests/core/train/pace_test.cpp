#include "core/train/pace.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace oodml::train {
namespace {

using std::chrono::milliseconds;

TEST(PaceTest, IsDueAtOnceAndThenOnceAnInterval) {
  testing::FakeClock clock;
  Pace pace(clock, milliseconds(500));
  EXPECT_TRUE(pace.due());
  EXPECT_FALSE(pace.due());
  clock.advance(milliseconds(499));
  EXPECT_FALSE(pace.due());
  clock.advance(milliseconds(1));
  EXPECT_TRUE(pace.due());
  EXPECT_FALSE(pace.due());
}

TEST(PaceTest, EstimatesTheRestFromWhatWasDone) {
  testing::FakeClock clock;
  Pace pace(clock, milliseconds(500));
  EXPECT_LT(pace.seconds_left(100, 2), 0.0);
  pace.steps_done(10, 5.0);
  EXPECT_DOUBLE_EQ(pace.seconds_left(100, 2), 50.0);
  pace.evaluation_done(3.0);
  EXPECT_DOUBLE_EQ(pace.seconds_left(100, 2), 56.0);
}

}  // namespace
}  // namespace oodml::train
