#include "coordinator/cli/report/shift/curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "coordinator/cli/report/shift/panels.h"
#include "core/base/words.h"
#include "core/statistics/least_squares.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report {
namespace {

using figures::Panel;
using figures::Series;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Means of one figure by method and split, splits with a FID only.
struct Means {
  std::vector<double> fids;
  std::vector<std::vector<Summary>> methods;
};

Means means_of(const ShiftGrid& grid, const std::string& figure, const ReportOptions& options) {
  Means means;
  for (std::size_t split = 0; split < grid.shifts(); ++split) means.fids.push_back(*grid.splits[split].fid);
  for (const auto& row : grid.cells) {
    auto& list = means.methods.emplace_back();
    for (std::size_t split = 0; split < grid.shifts(); ++split)
      list.push_back(cell_summary(row[split], figure, options));
  }
  return means;
}

bool has_values(const std::vector<Summary>& summaries) {
  return std::ranges::any_of(summaries, [](const Summary& summary) { return summary.n > 0; });
}

Series curve_of(const std::string& method, const Means& means, const std::vector<Summary>& values, Unit unit) {
  Series series{.name = method, .x = means.fids};
  bool has_bars = false;
  for (const Summary& value : values) {
    const double deviation = std::isnan(value.deviation) ? 0.0 : value.deviation;
    has_bars = has_bars || value.n > 1;
    series.y.push_back(unit.factor * value.mean);
    series.low.push_back(unit.factor * (value.mean - deviation));
    series.high.push_back(unit.factor * (value.mean + deviation));
  }
  if (!has_bars) series.low = series.high = {};
  return series;
}

/// The mean over all methods that have any value; NaN at splits where one of them has none.
std::vector<double> mean_of_methods(const Means& means) {
  std::vector<double> list;
  for (std::size_t split = 0; split < means.fids.size(); ++split) {
    std::vector<double> values;
    bool has_hole = false;
    for (const auto& method : means.methods) {
      if (!has_values(method)) continue;
      has_hole = has_hole || method[split].n == 0;
      values.push_back(method[split].mean);
    }
    list.push_back(has_hole ? kNone : statistics::mean(values));
  }
  return list;
}

void add_differences(const std::string& method, int colour, const Means& means, const std::vector<Summary>& values,
                     const std::vector<double>& mean, Unit unit, Panel& panel) {
  Series points{.name = method, .mark = Series::Mark::kPoints, .x = means.fids, .colour = colour};
  for (std::size_t i = 0; i < values.size(); ++i) points.y.push_back(unit.factor * (values[i].mean - mean[i]));
  const statistics::Line line = statistics::least_squares_line(points.x, points.y);
  panel.series.push_back(std::move(points));
  if (std::isnan(line.slope)) return;
  const double first = means.fids.front(), last = means.fids.back();
  panel.series.push_back({.name = "",
                          .mark = Series::Mark::kLine,
                          .x = {first, last},
                          .y = {line.at(first), line.at(last)},
                          .colour = colour});
}

void note_holes(const ShiftGrid& grid, const Means& means, Section& section) {
  std::vector<std::string> holes;
  for (std::size_t method = 0; method < means.methods.size(); ++method) {
    for (std::size_t split = 0; split < means.fids.size(); ++split) {
      if (means.methods[method][split].n == 0)
        holes.push_back(fmt::format("{} at split {}", grid.methods[method], grid.splits[split].id));
    }
  }
  if (holes.empty()) return;
  constexpr std::size_t kShown = 8;
  const std::size_t more = holes.size() > kShown ? holes.size() - kShown : 0;
  holes.resize(holes.size() - more);
  section.missing.push_back(grid.title + ", holes in the curves: " + joined(holes) +
                            (more > 0 ? fmt::format(" and {} more", more) : ""));
}

}  // namespace

Section curves_over_shift(const std::vector<ShiftGrid>& grids, const std::string& name, const std::string& figure,
                          const ReportOptions& options) {
  const std::string title = figure_title(figure);
  const Unit unit = unit_of(figure);
  Section section{.title = title + " over the shift of the splits"};
  std::vector<Panel> curves, differences;
  for (const ShiftGrid& grid : grids) {
    if (!can_show_shift(grid, figure, section)) continue;
    const Means means = means_of(grid, figure, options);
    Panel curve = shift_panel(grid, title + ", %"), difference = shift_panel(grid, "Δ " + title + ", points");
    difference.title = grid.title + ": difference to the mean of methods";
    for (figures::Rule& rule : difference.rules) rule.label.clear();  // points lie there; the caption says it
    const std::vector<double> mean = mean_of_methods(means);
    for (std::size_t method = 0; method < grid.methods.size(); ++method) {
      if (!has_values(means.methods[method])) continue;
      const int colour = grid.colours[method];
      curve.series.push_back(curve_of(grid.methods[method], means, means.methods[method], unit));
      curve.series.back().colour = colour;
      add_differences(grid.methods[method], colour, means, means.methods[method], mean, unit, difference);
    }
    note_holes(grid, means, section);
    curves.push_back(std::move(curve));
    if (grid.methods.size() > 1) {
      differences.push_back(std::move(difference));
    } else {
      section.missing.push_back(grid.title + " has one method, " + grid.methods.front() +
                                ": there is no mean of methods to differ from");
    }
  }
  const std::string caption = title + " against the FID of the split, mean and " + spread_words(options.spread) +
                              "; dashed: the default split.";
  for (figures::Figure& drawn : in_columns(name, caption, std::move(curves)))
    section.figures.push_back(std::move(drawn));
  const std::string below =
      "Difference of each method's " + title +
      " to the mean over the methods at the same split, with least-squares lines; dashed: the default split.";
  for (figures::Figure& drawn : in_columns(name + "_differences", below, std::move(differences)))
    section.figures.push_back(std::move(drawn));
  return section;
}

}  // namespace oodml::cli::report
