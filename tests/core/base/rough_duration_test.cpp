#include "core/base/rough_duration.h"

#include <gtest/gtest.h>

namespace oodml {
namespace {

TEST(RoughDurationTest, HasOneUnitAndFewDigits) {
  EXPECT_EQ(rough_duration(0), "0 s");
  EXPECT_EQ(rough_duration(47.2), "47 s");
  EXPECT_EQ(rough_duration(99.4), "99 s");
  EXPECT_EQ(rough_duration(120), "2 min");
  EXPECT_EQ(rough_duration(12600), "3.5 h");
  EXPECT_EQ(rough_duration(1e300).size(), 301U);
}

}  // namespace
}  // namespace oodml
