#include "core/weight_files/strided_tensor.h"

#include <gtest/gtest.h>

namespace oodml::weight_files {
namespace {

TEST(StridedTensorTest, ExtentReachesBehindTheLastElement) {
  EXPECT_EQ(extent({}, {}), 1);
  EXPECT_EQ(extent({5}, {1}), 5);
  EXPECT_EQ(extent({3}, {3}), 7);
  EXPECT_EQ(extent({3, 2}, {1, 3}), 6);
  EXPECT_EQ(extent({0, 4}, {4, 1}), 0);
  EXPECT_EQ(extent({1, 4}, {0, 1}), 4);
}

TEST(StridedTensorTest, MoreElementsThanTheyCoverOrThanCanBeCountedAreNothing) {
  EXPECT_FALSE(extent({3}, {0}));
  EXPECT_FALSE(extent({1'000'000'000, 2}, {0, 1}));
  EXPECT_FALSE(extent({std::int64_t{1} << 40, std::int64_t{1} << 40}, {1, 1}));
  EXPECT_FALSE(extent({2, 2}, {INT64_MAX, 1}));
  EXPECT_FALSE(extent({2}, {INT64_MAX}));
  EXPECT_FALSE(extent({0, INT64_MAX, 3}, {1, 1, 1}));  // empty, but its other sizes overflow
}

TEST(StridedTensorTest, RowMajorHasNoGaps) {
  EXPECT_EQ(row_major({}), std::vector<std::int64_t>{});
  EXPECT_EQ(row_major({2, 3, 4}), (std::vector<std::int64_t>{12, 4, 1}));
  EXPECT_EQ(row_major({2, 0, 4}), (std::vector<std::int64_t>{4, 4, 1}));
}

}  // namespace
}  // namespace oodml::weight_files
