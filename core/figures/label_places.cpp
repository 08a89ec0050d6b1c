#include "core/figures/label_places.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace oodml::figures {
namespace {

constexpr double kCharacterCm = 0.105, kLineCm = 0.22, kPointCm = 0.08;
constexpr double kNearCm = 0.12;  ///< Between a point and a text beside it.
constexpr int kRounds = 6;

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

double common_area(const Box& a, const Box& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double height = std::min(a.top, b.top) - std::max(a.bottom, b.bottom);
  return width > 0.0 && height > 0.0 ? width * height : 0.0;
}

double area_of(const Box& box) { return (box.right - box.left) * (box.top - box.bottom); }

Box around(const LabelledPoint& point) {
  return {point.x - kPointCm, point.y - kPointCm, point.x + kPointCm, point.y + kPointCm};
}

/// Where the text may stand: in twelve directions, at growing distances of its edge from the point.
std::vector<LabelPlace> candidates(const LabelledPoint& point) {
  const Box size = text_box(point.text, 0.0, 0.0);
  std::vector<LabelPlace> places;
  for (const double distance : {kNearCm, 0.3, 0.55, 0.85, 1.2, 1.6}) {
    for (int step = 0; step < 12; ++step) {
      const double angle = step * std::numbers::pi / 6.0;
      places.push_back({.x = point.x + std::cos(angle) * (distance + size.right),
                        .y = point.y + std::sin(angle) * (distance + size.top),
                        .far = distance > 0.2});
    }
  }
  return places;
}

/// Everything that texts must not cover, and the texts as they stand.
class Layout {
 public:
  Layout(const std::vector<LabelledPoint>& points, const std::vector<Box>& obstacles, const Box& area)
      : points_(points), obstacles_(obstacles), area_(area), places_(points.size()), placed_(points.size(), false) {}

  void place(std::size_t i) {
    double least = std::numeric_limits<double>::infinity();
    LabelPlace best;
    for (const LabelPlace& place : candidates(points_[i])) {
      const double cost = cost_of(i, place);
      if (cost >= least) continue;
      least = cost;
      best = place;
    }
    places_[i] = best;
    placed_[i] = true;
  }

  const std::vector<LabelPlace>& places() const { return places_; }

 private:
  double cost_of(std::size_t i, const LabelPlace& place) const {
    const Box box = text_box(points_[i].text, place.x, place.y);
    double covered = 3.0 * (area_of(box) - common_area(box, area_));
    for (std::size_t j = 0; j < points_.size(); ++j) {
      covered += 2.0 * common_area(box, around(points_[j]));
      if (j != i && placed_[j]) covered += common_area(box, text_box(points_[j].text, places_[j].x, places_[j].y));
    }
    for (const Box& obstacle : obstacles_) covered += 0.5 * common_area(box, obstacle);
    const double distance = std::hypot(place.x - points_[i].x, place.y - points_[i].y);
    return covered + 0.003 * distance;
  }

  const std::vector<LabelledPoint>& points_;
  const std::vector<Box>& obstacles_;
  const Box area_;
  std::vector<LabelPlace> places_;
  std::vector<bool> placed_;
};

}  // namespace

Box text_box(const std::string& text, double middle_x, double middle_y) {
  const double half_width = kCharacterCm * static_cast<double>(characters(text)) / 2.0;
  return {middle_x - half_width, middle_y - kLineCm / 2.0, middle_x + half_width, middle_y + kLineCm / 2.0};
}

std::vector<LabelPlace> place_labels(const std::vector<LabelledPoint>& points, const std::vector<Box>& obstacles,
                                     const Box& area) {
  Layout layout(points, obstacles, area);
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < points.size(); ++i) layout.place(i);
  }
  return layout.places();
}

}  // namespace oodml::figures
