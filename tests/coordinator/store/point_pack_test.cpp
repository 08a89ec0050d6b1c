#include "coordinator/store/point_pack.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace oodml::coordinator::store {
namespace {

Point point(std::int64_t sequence, std::int64_t epoch, double value) {
  return {.attempt = 1,
          .sequence = sequence,
          .time = from_millis(1'764'000'000'000 + sequence),
          .series = sequence % 5,
          .epoch = epoch,
          .value = value};
}

TEST(PointPackTest, EveryBitComesBack) {
  const double inf = std::numeric_limits<double>::infinity();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  std::vector<Point> points;
  for (const double value : {0.5, 0.1, -0.0, inf, -inf, 1e-310, 0.123456789012345})
    points.push_back(point(std::ssize(points), 3, value));
  points.push_back({.attempt = kMost, .sequence = -kMost, .time = from_millis(0), .series = kMost, .epoch = -kMost});
  points.push_back({.attempt = -kMost, .sequence = kMost, .time = from_millis(kMost), .series = 0, .epoch = kMost});
  const auto back = unpack(pack(points));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(*back, points);
  EXPECT_TRUE(std::signbit((*back)[2].value));
}

TEST(PointPackTest, NotANumberStaysOne) {
  const auto back = unpack(pack({point(1, 1, std::nan("")), point(2, 2, 0.5)}));
  ASSERT_TRUE(back);
  EXPECT_TRUE(std::isnan((*back)[0].value));
  EXPECT_EQ((*back)[1].value, 0.5);
}

TEST(PointPackTest, APointTakesLessThanHalfOfARow) {
  std::vector<Point> points;
  for (int i = 0; i < 1000; ++i) points.push_back(point(i, i / 5, 1.0 / (i + 3)));
  EXPECT_LT(pack(points).size(), 14'000u) << "34 bytes each in metric_points";
}

TEST(PointPackTest, WhatIsDamagedIsRefusedAndTakesNoMemory) {
  const std::string good = pack({point(1, 1, 0.1), point(2, 2, 0.2)});
  EXPECT_TRUE(unpack(pack({}))->empty());
  for (std::size_t length = 0; length < good.size(); ++length) EXPECT_FALSE(unpack(good.substr(0, length))) << length;
  EXPECT_FALSE(unpack(good + "x"));
  EXPECT_FALSE(unpack("\x07" + good.substr(1)));
  EXPECT_FALSE(unpack(std::string("\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10))) << "says that there are 2^62";
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t place = 0; place < good.size(); ++place) {
      std::string bad = good;
      bad[place] = static_cast<char>(byte);
      (void)unpack(bad);  // under the address sanitizer
    }
  }
}

}  // namespace
}  // namespace oodml::coordinator::store
