#include "coordinator/cli/report/method_bars.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "coordinator/cli/report/figure_words.h"

namespace oodml::cli::report {
namespace {

using figures::Series;

void add_bar(Series& series, std::size_t place, const Summary& summary, double factor) {
  const double value = factor * summary.mean;
  const double bar = std::isnan(summary.deviation) ? 0.0 : factor * summary.deviation;
  series.x.push_back(static_cast<double>(place));
  series.y.push_back(value);
  series.low.push_back(value - bar);
  series.high.push_back(value + bar);
}

/// The largest whole number at least a tenth of all below the least value; never below 0.
double foot_of(const std::vector<Series>& series) {
  double least = INFINITY, most = -INFINITY;
  for (const Series& bars : series) {
    least = std::min(least, std::ranges::min(bars.low));
    most = std::max(most, std::ranges::max(bars.high));
  }
  return std::max(0.0, std::floor(least - 0.1 * (most - least)));
}

}  // namespace

figures::Panel method_bars(const std::string& title, const std::string& figure, std::vector<MethodBar> bars,
                           const std::array<std::string, 2>& kinds) {
  const Unit unit = unit_of(figure);
  std::erase_if(bars, [](const MethodBar& bar) { return bar.summary.n == 0; });
  std::ranges::stable_sort(bars, std::ranges::greater(), [](const MethodBar& bar) { return bar.summary.mean; });
  figures::Panel panel{.title = title,
                       .x = {.label = figure_title(figure) + (unit == kPercent ? ", %" : "")},
                       .series = {},
                       .horizontal = true,
                       .beside = false};
  std::vector<Series> series;
  for (const int kind : {0, 1}) {
    series.push_back({.name = kinds[static_cast<std::size_t>(kind)], .mark = Series::Mark::kBars, .colour = kind});
    for (std::size_t i = 0; i < bars.size(); ++i) {
      if (bars[i].of_second_kind == (kind == 1)) add_bar(series.back(), i, bars[i].summary, unit.factor);
    }
  }
  for (const MethodBar& bar : bars) panel.categories.push_back(bar.title);
  std::erase_if(series, [](const Series& one) { return one.x.empty(); });
  if (!series.empty()) panel.x.low = foot_of(series);
  panel.series = std::move(series);
  return panel;
}

double bars_height_cm(std::size_t bars) { return 2.4 + 0.36 * static_cast<double>(std::max<std::size_t>(bars, 3)); }

}  // namespace oodml::cli::report
