#include "coordinator/upkeep/thinning.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace oodml::coordinator::upkeep {
namespace {

using store::Point;

/// One point an epoch of one attempt: `values` of a series, from epoch 0 on.
std::vector<Point> course(const std::vector<double>& values, AttemptEpoch attempt = 1, std::int64_t series = 1) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto epoch = static_cast<std::int64_t>(i);
    points.push_back({.attempt = attempt,
                      .sequence = 10 * series + 100 * epoch,
                      .time = from_millis(1000 * epoch),
                      .series = series,
                      .epoch = epoch,
                      .value = values[i]});
  }
  return points;
}

std::vector<std::int64_t> epochs_of(const std::vector<Point>& points) {
  std::vector<std::int64_t> epochs;
  for (const Point& point : points) epochs.push_back(point.epoch);
  return epochs;
}

using Epochs = std::vector<std::int64_t>;

TEST(ThinningTest, EndsExtremesAndEvenStepsStay) {
  std::vector<double> values(101, 0.5);
  values[37] = 0.9;
  values[88] = 0.1;
  EXPECT_EQ(epochs_of(thinned(course(values), {.kept = 5})), (Epochs{0, 25, 37, 50, 75, 88, 100}));
}

TEST(ThinningTest, EpochsThatFiguresAreReadAtStayInEverySeriesOrInTheirOwn) {
  std::vector<Point> points = course(std::vector<double>(101, 0.5), 1, 1);
  const std::vector<Point> other = course(std::vector<double>(101, 0.5), 1, 2);
  points.insert(points.end(), other.begin(), other.end());
  const ThinningTerms terms{.kept = 2, .epochs = {7}, .own_epochs = {{2, {9}}}};
  EXPECT_EQ(epochs_of(thinned(points, terms)), (Epochs{0, 7, 100, 0, 7, 9, 100}));
}

TEST(ThinningTest, AShortCourseStaysAsItIs) {
  const std::vector<Point> points = course({0.1, 0.2, 0.3});
  EXPECT_EQ(thinned(points, {.kept = 3}), points);
  EXPECT_TRUE(thinned({}, {.kept = 3}).empty());
}

TEST(ThinningTest, OfAnEpochThatWasMeasuredAgainTheLaterFigureStays) {
  std::vector<Point> points = course({0.1, 0.2, 0.3}, 1);
  std::vector<Point> again = course({0.0, 0.0, 0.4, 0.5}, 2);
  again.erase(again.begin(), again.begin() + 2);  // it went on from a checkpoint of epoch 1
  points.insert(points.end(), again.begin(), again.end());
  const std::vector<Point> kept = thinned(points, {.kept = 10});
  ASSERT_EQ(epochs_of(kept), (Epochs{0, 1, 2, 3}));
  EXPECT_EQ(kept[2].value, 0.4);
}

TEST(ThinningTest, AnEarlierRunKeepsACourseOfItsOwn) {
  std::vector<Point> points = course({0.1, 0.2}, 1);
  const std::vector<Point> afresh = course({0.3, 0.4}, 2);
  points.insert(points.end(), afresh.begin(), afresh.end());
  EXPECT_EQ(thinned(points, {.kept = 10, .run_from = 1}), points);
}

TEST(ThinningTest, NotANumberIsNeitherSmallestNorLargest) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> values(50, nan);
  values[11] = 0.2;
  values[12] = 0.3;
  EXPECT_EQ(epochs_of(thinned(course(values), {.kept = 2})), (Epochs{0, 11, 12, 49}));
}

}  // namespace
}  // namespace oodml::coordinator::upkeep
