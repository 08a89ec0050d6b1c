#include "core/toy/plane.h"

#include <gtest/gtest.h>

#include <set>

namespace oodml::toy {
namespace {

/// Whether every row lies on the segment, at one of its 100 equally spaced points and no two at the same.
bool lies_on(const torch::Tensor& points, const Point& from, const Point& to) {
  std::set<long> places;
  for (std::int64_t i = 0; i < points.size(0); ++i) {
    const double x = points[i][0].item<float>(), y = points[i][1].item<float>();
    const double along = to[0] != from[0] ? (x - from[0]) / (to[0] - from[0]) : (y - from[1]) / (to[1] - from[1]);
    const double place = 99 * along;
    if (std::abs(place - std::round(place)) > 1e-3 || place < -1e-3 || place > 99.001) return false;
    if (std::abs(x - (from[0] + along * (to[0] - from[0]))) > 1e-6) return false;
    if (std::abs(y - (from[1] + along * (to[1] - from[1]))) > 1e-6) return false;
    places.insert(std::lround(place));
  }
  return static_cast<std::int64_t>(places.size()) == points.size(0);
}

TEST(PlaneTest, FifteenPointsOfEachClassLieOnTheDiagonal) {
  const Plane plane = make_plane(Seeds(1));
  ASSERT_EQ(plane.points.sizes(), (std::vector<std::int64_t>{60, 2}));
  ASSERT_EQ(plane.labels.sizes(), (std::vector<std::int64_t>{60}));
  const std::vector<std::pair<double, double>> intervals = {{0.1, 0.3}, {0.35, 0.55}, {0.6, 0.8}, {0.85, 1.05}};
  for (std::int64_t label = 0; label < 4; ++label) {
    const auto [low, high] = intervals[static_cast<std::size_t>(label)];
    const auto points = plane.points.index_select(0, plane.labels.eq(label).nonzero().squeeze(1));
    EXPECT_EQ(points.size(0), 15);
    EXPECT_TRUE(lies_on(points, {low, low}, {high, high})) << label;
  }
}

TEST(PlaneTest, TheTestSetsLieOnAVerticalAndAHorizontalLine) {
  const Plane plane = make_plane(Seeds(1));
  ASSERT_EQ(plane.test_points.size(), 4U);
  for (const auto& points : plane.test_points) EXPECT_EQ(points.sizes(), (std::vector<std::int64_t>{15, 2}));
  EXPECT_TRUE(lies_on(plane.test_points[0], {0.2, 0.2}, {0.2, 0.4}));
  EXPECT_TRUE(lies_on(plane.test_points[1], {0.2, 0.55}, {0.2, 0.85}));
  EXPECT_TRUE(lies_on(plane.test_points[2], {0.4, 0.2}, {0.6, 0.2}));
  EXPECT_TRUE(lies_on(plane.test_points[3], {0.7, 0.2}, {0.9, 0.2}));
}

TEST(PlaneTest, AnotherSeedDrawsOtherPoints) {
  EXPECT_TRUE(make_plane(Seeds(1)).points.equal(make_plane(Seeds(1)).points));
  EXPECT_FALSE(make_plane(Seeds(1)).points.equal(make_plane(Seeds(2)).points));
}

}  // namespace
}  // namespace oodml::toy
