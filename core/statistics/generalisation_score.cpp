#include "core/statistics/generalisation_score.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace oodml::statistics {

double generalisation_score(std::vector<ShiftPoint> points) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto is_number = [](const ShiftPoint& point) { return std::isfinite(point.fid) && std::isfinite(point.value); };
  if (points.size() < 2 || !std::ranges::all_of(points, is_number)) return kNone;
  std::ranges::stable_sort(points, {}, &ShiftPoint::fid);
  const double range = points.back().fid - points.front().fid;
  if (range <= 0) return kNone;
  double area = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    area += (points[i].fid - points[i - 1].fid) * (points[i].value + points[i - 1].value) / 2;
  }
  return area / range;
}

}  // namespace oodml::statistics
