#include "coordinator/cli/report/few_shot_figures.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/words.h"
#include "core/figures/axis_ends.h"
#include "core/statistics/least_squares.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report::few_shot {
namespace {

using figures::Figure;
using figures::Panel;
using figures::Series;

constexpr int kBlue = 0, kOrange = 1, kGreen = 2;

/// A point with the interval over its runs; of a single run with the one over its episodes.
void add_point(Series& series, double fid, const std::vector<double>& values, double conf,
               const ReportOptions& options) {
  const Summary summary = summary_of(values, values.size(), options.spread);
  if (summary.n == 0) return;
  const statistics::Interval& interval = chosen_interval(summary, options.interval);
  const bool of_runs = !std::isnan(interval.low);
  series.x.push_back(fid);
  series.y.push_back(100.0 * summary.mean);
  series.low.push_back(100.0 * (of_runs ? interval.low : summary.mean - conf));
  series.high.push_back(100.0 * (of_runs ? interval.high : summary.mean + conf));
}

Series line_of(const Series& points) {
  const statistics::Line line = statistics::least_squares_line(points.x, points.y);
  if (std::isnan(line.slope)) return {};
  const auto [low, high] = std::ranges::minmax(points.x);
  return {.name = "fit of the change",
          .mark = Series::Mark::kLine,
          .x = {low, high},
          .y = {line.at(low), line.at(high)},
          .colour = kGreen,
          .dashed = true,
          .on_right_axis = true};
}

Panel panel_of(const Curve& curve, const std::string& metric, const ReportOptions& options) {
  Series before{.name = "zero-shot", .colour = kBlue, .dashed = true}, after{.name = "few-shot", .colour = kOrange};
  Series change{.name = "change", .mark = Series::Mark::kPoints, .colour = kGreen, .on_right_axis = true};
  for (const Point& point : curve.points) {
    if (!point.fid) continue;
    add_point(before, *point.fid, point.zero(metric), point.zero_conf(metric), options);
    add_point(after, *point.fid, point.few(metric), point.few_conf(metric), options);
    const double gain = statistics::mean(point.gains(metric));
    if (std::isnan(gain)) continue;
    change.x.push_back(*point.fid);
    change.y.push_back(100.0 * gain);
  }
  Panel panel{.title = curve.title() + " (" + curve.count_of(metric) + " runs)",
              .x = {.label = "FID"},
              .y = {.label = figure_title(metric) + ", %"},
              .right = figures::Axis{.label = "change, %"},
              .series = {}};
  if (after.x.empty()) return panel;
  Series line = line_of(change);
  panel.series = {std::move(before), std::move(after), std::move(change)};
  if (!line.x.empty()) panel.series.push_back(std::move(line));
  const Panel ended = figures::with_ends(panel);
  panel.x = ended.x;
  return panel;
}

/// Panels of a row are those of a method, with growing numbers of shots.
std::size_t columns_of(const std::vector<Panel>& panels) { return std::min<std::size_t>(2, panels.size()); }

bool is_complete(const Point& point, const std::string& metric) {
  return !statistics::present(point.few(metric)).empty();
}

}  // namespace

void add_gain_figures(Section& section, const std::vector<Curve>& curves, const std::string& metric,
                      const ReportOptions& options) {
  std::vector<Figure> drawn;
  std::vector<std::string> without_fid;
  for (const Curve& curve : curves) {
    for (const Point& point : curve.points) {
      const std::string split = curve.benchmark + " " + point.split;
      if (is_complete(point, metric) && !point.fid && std::ranges::find(without_fid, split) == without_fid.end())
        without_fid.push_back(split);
    }
    Panel panel = panel_of(curve, metric, options);
    if (panel.series.empty()) continue;
    const std::string name = "few_shot_" + file_word(curve.benchmark) + "_" + file_word(figure_title(metric));
    if (drawn.empty() || drawn.back().name != name) {
      drawn.push_back(
          {.name = name,
           .caption = curve.benchmark + ": " + figure_title(metric) +
                      " before and after adapting to a few images a class, against the FID between training "
                      "and test classes; 95 % intervals over seeds, of one seed over episodes. Right axis: "
                      "(few-shot - zero-shot) / zero-shot with its least-squares line",
           .panel_height_cm = 4.8,
           .shared_legend = true,
           .panels = {}});
    }
    drawn.back().panels.push_back(std::move(panel));
    drawn.back().columns = columns_of(drawn.back().panels);
  }
  if (!without_fid.empty()) {
    section.missing.push_back("no FID of " + joined(without_fid) + ": in the tables, not in the figures of " +
                              figure_title(metric));
  }
  for (Figure& figure : drawn) section.figures.push_back(std::move(figure));
}

}  // namespace oodml::cli::report::few_shot
