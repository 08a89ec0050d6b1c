#include "core/figures/axis_ends.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace oodml::figures {
namespace {

constexpr double kRoom = 0.08;  ///< Of the numbers' extent, on both sides.

struct Extent {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void take(const std::vector<double>& values, bool positive) {
    for (const double value : values) {
      if (!std::isfinite(value) || (positive && value <= 0.0)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
};

void set_ends(Axis& axis, const Extent& extent) {
  if (!(extent.low <= extent.high)) return;
  const auto scaled = [&](double value) { return axis.logarithmic ? std::log10(value) : value; };
  const auto back = [&](double value) { return axis.logarithmic ? std::pow(10.0, value) : value; };
  const double low = scaled(extent.low), high = scaled(extent.high);
  const double room = high > low ? kRoom * (high - low) : std::max(1e-3, 0.05 * std::abs(low));
  if (!axis.low) axis.low = back(low - room);
  if (!axis.high) axis.high = back(high + room);
}

}  // namespace

Panel with_ends(const Panel& panel) {
  Extent across, upright;
  for (const Series& series : panel.series) {
    across.take(series.x, panel.x.logarithmic);
    if (series.on_right_axis) continue;
    for (const auto* values : {&series.y, &series.low, &series.high}) upright.take(*values, panel.y.logarithmic);
  }
  Panel ended = panel;
  set_ends(ended.x, across);
  set_ends(ended.y, upright);
  return ended;
}

double tic_step(double low, double high, double length_cm, double room_cm) {
  const double extent = std::abs(high - low);
  if (!(extent > 0.0) || !std::isfinite(extent)) return 0.0;
  const double least = extent / std::max(2.0, std::floor(length_cm / room_cm));
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double nice : {1.0, 2.0, 5.0}) {
    if (nice * power >= least * (1.0 - 1e-9)) return nice * power;
  }
  return 10.0 * power;
}

}  // namespace oodml::figures
