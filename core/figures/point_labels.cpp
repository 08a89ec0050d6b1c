#include "core/figures/point_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/figures/label_places.h"
#include "core/figures/script_text.h"

namespace oodml::figures {
namespace {

/// Data to cm and back, along one axis.
struct Scale {
  double low, high, length;
  bool logarithmic;

  double on_paper(double value) const {
    const double place = logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
    return place * length;
  }
  double of_paper(double cm) const {
    return logarithmic ? low * std::pow(high / low, cm / length) : low + (high - low) * cm / length;
  }
};

Scale scale_of(const Axis& axis, double length) {
  return {axis.low.value_or(0.0), axis.high.value_or(1.0), length, axis.logarithmic};
}

bool is_labelled(const Series& series) { return !series.labels.empty() && !series.on_right_axis; }

std::vector<LabelledPoint> points_of(const Panel& panel, const Scale& x, const Scale& y) {
  std::vector<LabelledPoint> points;
  for (const Series& series : panel.series) {
    if (!is_labelled(series)) continue;
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (std::isnan(series.x[i]) || std::isnan(series.y[i]) || series.labels[i].empty()) continue;
      points.push_back({x.on_paper(series.x[i]), y.on_paper(series.y[i]), series.labels[i]});
    }
  }
  return points;
}

std::vector<Box> error_bars(const Panel& panel, const Scale& x, const Scale& y) {
  std::vector<Box> bars;
  for (const Series& series : panel.series) {
    for (std::size_t i = 0; i < series.low.size(); ++i) {
      if (std::isnan(series.low[i]) || std::isnan(series.high[i])) continue;
      const double middle = x.on_paper(series.x[i]);
      bars.push_back({middle - 0.02, y.on_paper(series.low[i]), middle + 0.02, y.on_paper(series.high[i])});
    }
  }
  return bars;
}

}  // namespace

bool has_labels(const Panel& panel) { return std::ranges::any_of(panel.series, is_labelled); }

std::string labels_script(const Panel& panel, PaperSize size) {
  const Scale x = scale_of(panel.x, size.drawing_width());
  const Scale y = scale_of(panel.y, size.drawing_height());
  const std::vector<LabelledPoint> points = points_of(panel, x, y);
  const auto places = place_labels(points, error_bars(panel, x, y), {0.0, 0.0, x.length, y.length});
  std::string text;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double at_x = x.of_paper(places[i].x), at_y = y.of_paper(places[i].y);
    text += fmt::format("set label {} at first {:.8g}, first {:.8g} center font small textcolor rgb '#222222'\n",
                        quoted(points[i].text), at_x, at_y);
    if (!places[i].far) continue;
    text += fmt::format(
        "set arrow from first {:.8g}, first {:.8g} to first {:.8g}, first {:.8g} nohead back linewidth 0.5 linecolor rgb '#777777'\n",
        x.of_paper(points[i].x), y.of_paper(points[i].y), at_x, at_y);
  }
  return text;
}

}  // namespace oodml::figures
