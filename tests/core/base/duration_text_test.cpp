#include "core/base/duration_text.h"

#include <gtest/gtest.h>

namespace oodml {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(DurationTextTest, ANumberIsSecondsAndAUnitMaySaySomethingElse) {
  EXPECT_EQ(parse_duration("90"), seconds(90));
  EXPECT_EQ(parse_duration("90s"), seconds(90));
  EXPECT_EQ(parse_duration("1.5m"), seconds(90));
  EXPECT_EQ(parse_duration("4h"), hours(4));
  EXPECT_EQ(parse_duration("2d"), hours(48));
  EXPECT_EQ(parse_duration("0"), seconds(0));
  EXPECT_EQ(parse_duration("0.25s"), Duration(250));
}

TEST(DurationTextTest, WhatIsNoLengthOfTimeIsRefused) {
  for (const char* text : {"", "h", "-1", "4 h", "4w", "4hours", "nan", "inf", "1e9d", "1:00:00", "4h30m"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace oodml
