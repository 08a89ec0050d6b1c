#include "core/figures/series_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/figures/script_text.h"

namespace oodml::figures {
namespace {

using Mark = Series::Mark;

int line_type(const Series& series, std::size_t number) {
  return (series.colour >= 0 ? series.colour : static_cast<int>(number)) + 1;
}

const char* style_of(Mark mark) {
  switch (mark) {
    case Mark::kLine:
      return "lines";
    case Mark::kPoints:
      return "points";
    case Mark::kSteps:
      return "steps";
    case Mark::kLineAndPoints:
    case Mark::kBars:
      break;
  }
  return "linespoints";
}

/// Of points, where it is not the usual one (gnuplot_script.cpp).
std::string size_of(const Series& series) {
  return series.point_size == 1.0 ? "" : fmt::format(" pointsize {:.3g}", 0.5 * series.point_size);
}

/// An error bar: from its low end, as far as the high one.
std::string length_of(const std::string& key) { return fmt::format("({} - {})", column_of(key, 7), column_of(key, 6)); }
std::string upright_bar(const std::string& key) { return fmt::format("{}:(0):{}", column_of(key, 6), length_of(key)); }

/// Half the width of bars along numbers: they leave a fifth of the smallest distance between them free.
double half_bar(const Series& series) {
  std::vector<double> places = series.x;
  std::erase_if(places, [](double place) { return !std::isfinite(place); });
  std::ranges::sort(places);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i] > places[i - 1]) least = std::min(least, places[i] - places[i - 1]);
  }
  return std::isfinite(least) ? 0.4 * least : 0.4;
}

std::string bar_look(int type, const std::string& name) {
  return fmt::format("with boxxyerror fillstyle solid 0.75 border linetype {0} linetype {0} linewidth 0.5 {1}", type,
                     title_of(name));
}

std::string numeric_bars(const Panel& panel, const Series& series, const std::string& key, int type) {
  const std::string x = column_of(key, 4), y = column_of(key, 5);
  return fmt::format("numbers skip 1 using {0}:{1}:({0}-{2:.6g}):({0}+{2:.6g}):({3:.10g}):{1} {4}", x, y,
                     half_bar(series), panel.y.low.value_or(0.0), bar_look(type, series.name));
}

std::vector<std::string> curve_plots(const Panel& panel, const Series& series, const std::string& key,
                                     std::size_t number) {
  const std::string x = column_of(key, 4), y = column_of(key, 5);
  const std::string axes = series.on_right_axis ? " axes x1y2" : "";
  const int type = line_type(series, number);
  std::vector<std::string> plots;
  if (!series.low.empty()) {
    plots.push_back(
        fmt::format("numbers skip 1 using {}:{}{} with vectors nohead linetype {} dashtype 1 linewidth 0.9 notitle", x,
                    upright_bar(key), axes, type));
  }
  if (series.mark == Mark::kBars) {
    plots.insert(plots.begin(), numeric_bars(panel, series, key, type));
  } else {
    plots.push_back(fmt::format("numbers skip 1 using {}:{}{} with {} linetype {}{}{} {}", x, y, axes,
                                style_of(series.mark), type, series.dashed ? " dashtype 2" : "", size_of(series),
                                title_of(series.name)));
  }
  return plots;
}

/// Bars of several series stand beside each other, together 0.8 of a category wide.
std::vector<std::string> bar_plots(const Panel& panel, std::size_t number, const std::string& key) {
  const Series& series = panel.series[number];
  const double width = panel.beside ? 0.8 / static_cast<double>(panel.series.size()) : 0.8;
  const double shift = panel.beside ? -0.4 + (static_cast<double>(number) + 0.5) * width : 0.0;
  const Axis& values = panel.horizontal ? panel.x : panel.y;
  const std::string place = fmt::format("({}+{:.6g})", column_of(key, 4), shift),
                    half = fmt::format("{:.6g}", width / 2);
  const std::string base = fmt::format("({:.10g})", values.low.value_or(0.0));
  const std::string low = fmt::format("({}-{})", place, half), high = fmt::format("({}+{})", place, half);
  const int type = line_type(series, number);
  const std::string look = bar_look(type, series.name);
  const bool lie = panel.horizontal;
  const std::string value = column_of(key, 5);
  constexpr const char* kErrors = "with vectors nohead linecolor rgb '#222222' linewidth 0.9 notitle";
  std::vector<std::string> plots = {
      lie ? fmt::format("numbers skip 1 using {0}:{1}:{2}:{0}:{3}:{4} {5}", value, place, base, low, high, look)
          : fmt::format("numbers skip 1 using {1}:{0}:{3}:{4}:{2}:{0} {5}", value, place, base, low, high, look)};
  if (series.low.empty()) return plots;
  plots.push_back(
      lie ? fmt::format("numbers skip 1 using {}:{}:{}:(0) {}", column_of(key, 6), place, length_of(key), kErrors)
          : fmt::format("numbers skip 1 using {}:{} {}", place, upright_bar(key), kErrors));
  return plots;
}

}  // namespace

std::vector<std::string> series_plots(const Panel& panel, std::size_t number, const std::string& key) {
  if (!panel.categories.empty()) return bar_plots(panel, number, key);
  return curve_plots(panel, panel.series[number], key, number);
}

}  // namespace oodml::figures
