#include "coordinator/cli/report/nir_curves.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/summary.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report::nir {
namespace {

using figures::Panel;
using figures::Series;

/// Black, in the palette.
constexpr int kBlack = 6;

/// In the palette, but for black: a setting has the same colour on every benchmark.
int colour_of(const std::vector<Setting>& settings, const Setting& setting) {
  std::vector<std::string> titles;
  for (const Setting& other : settings) {
    if (!other.is_plain && std::ranges::find(titles, other.title()) == titles.end()) titles.push_back(other.title());
  }
  const auto place = static_cast<int>(std::ranges::find(titles, setting.title()) - titles.begin());
  return place < kBlack ? place : place + 1;
}

Series curve_of(const Setting& setting, int colour) {
  Series series{.name = setting.title(), .mark = Series::Mark::kLine, .colour = colour, .dashed = setting.is_plain};
  const Course course = mean_course(setting);
  for (std::size_t i = 0; i < course.epochs.size(); ++i) {
    series.x.push_back(static_cast<double>(course.epochs[i]));
    series.y.push_back(100.0 * course.values[i]);
  }
  return series;
}

std::string count_on(const std::vector<Setting>& settings, const std::string& benchmark) {
  std::size_t n = 0, expected = 0;
  for (const Setting& setting : settings) {
    if (setting.benchmark != benchmark) continue;
    n += setting.runs.size();
    expected += setting.expected;
  }
  return count_text(n, expected);
}

double best_of(const Setting& setting, Choice choice) {
  std::vector<double> values;
  for (const Run* run : setting.runs) values.push_back(value_of(*run, kRecall, choice));
  return statistics::mean(values);
}

}  // namespace

void add_convergence_figure(Section& section, const std::vector<Setting>& settings, Choice choice) {
  figures::Figure figure{.name = "nir_convergence",
                         .caption =
                             "Test R@1 over epochs, mean over seeds; plain losses are "
                             "dashed, the lines across are their best R@1",
                         .panels = {}};
  std::string benchmark;
  for (const Setting& setting : settings) {
    if (figure.panels.empty() || benchmark != setting.benchmark) {
      benchmark = setting.benchmark;
      figure.panels.push_back({.title = benchmark + " (" + count_on(settings, benchmark) + " runs)",
                               .x = {.label = "epoch"},
                               .y = {.label = "R@1, %"},
                               .series = {}});
    }
    Series curve = curve_of(setting, setting.is_plain ? kBlack : colour_of(settings, setting));
    if (curve.x.empty()) continue;
    const double best = best_of(setting, choice);
    if (setting.is_plain && !std::isnan(best))
      figure.panels.back().rules.push_back({.at = 100.0 * best, .vertical = false});
    figure.panels.back().series.push_back(std::move(curve));
  }
  std::erase_if(figure.panels, [](const Panel& panel) { return panel.series.empty(); });
  figure.columns = std::min<std::size_t>(2, figure.panels.size());
  figure.shared_legend = true;
  if (!figure.panels.empty()) section.figures.push_back(std::move(figure));
}

}  // namespace oodml::cli::report::nir
