#include "core/base/number_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/base/counted.h"

namespace oodml {
namespace {

TEST(NumberTextTest, IsTheShortestThatReadsBackAsTheSame) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(number_text(1e-5), "1e-05");
  EXPECT_EQ(number_text(3.0), "3");
  EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity()), "-inf");
  EXPECT_EQ(number_text(-std::numeric_limits<double>::quiet_NaN()), "nan");
}

TEST(CountedTest, OneIsNoPlural) {
  EXPECT_EQ(counted(1, "sweep"), "1 sweep");
  EXPECT_EQ(counted(0, "sweep"), "0 sweeps");
}

}  // namespace
}  // namespace oodml
