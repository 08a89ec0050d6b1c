#include "core/figures/label_places.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace oodml::figures {
namespace {

bool covers(const Box& a, const Box& b) {
  return std::min(a.right, b.right) > std::max(a.left, b.left) && std::min(a.top, b.top) > std::max(a.bottom, b.bottom);
}

constexpr Box kArea = {0.0, 0.0, 16.0, 6.0};

TEST(LabelPlacesTest, ATextAloneStandsRightOfItsPoint) {
  const auto places = place_labels({{.x = 5.0, .y = 3.0, .text = "ArcFace"}}, {}, kArea);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_FALSE(places[0].far);
  EXPECT_LT(std::abs(places[0].y - 3.0), 0.5);
  EXPECT_FALSE(covers(text_box("ArcFace", places[0].x, places[0].y), {4.95, 2.95, 5.05, 3.05}));
}

TEST(LabelPlacesTest, CloseTextsCoverNeitherEachOtherNorPoints) {
  std::vector<LabelledPoint> points;
  for (int i = 0; i < 23; ++i)
    points.push_back({.x = 1.0 + 0.6 * i, .y = 3.0 + (i % 3) * 0.25, .text = "Margin (D), b=" + std::to_string(i)});
  const auto places = place_labels(points, {}, kArea);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Box box = text_box(points[i].text, places[i].x, places[i].y);
    for (std::size_t j = 0; j < points.size(); ++j) {
      const Box point = {points[j].x - 0.05, points[j].y - 0.05, points[j].x + 0.05, points[j].y + 0.05};
      EXPECT_FALSE(covers(box, point)) << i << " " << j;
      if (j == i) continue;
      EXPECT_FALSE(covers(box, text_box(points[j].text, places[j].x, places[j].y))) << i << " " << j;
    }
  }
}

TEST(LabelPlacesTest, TextsStayInsideOfTheArea) {
  const auto places = place_labels(
      {{.x = 15.95, .y = 5.95, .text = "Multisimilarity"}, {.x = 0.0, .y = 0.0, .text = "Npair"}}, {}, kArea);
  const Box upper = text_box("Multisimilarity", places[0].x, places[0].y),
            lower = text_box("Npair", places[1].x, places[1].y);
  EXPECT_LE(upper.right, kArea.right);
  EXPECT_LE(upper.top, kArea.top);
  EXPECT_GE(lower.left, kArea.left);
  EXPECT_GE(lower.bottom, kArea.bottom);
}

TEST(LabelPlacesTest, AWidthCountsCharactersNotBytes) {
  EXPECT_DOUBLE_EQ(text_box("β=0.6", 0, 0).right, text_box("b=0.6", 0, 0).right);
}

}  // namespace
}  // namespace oodml::figures
