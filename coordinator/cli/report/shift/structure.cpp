#include "coordinator/cli/report/shift/structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>

#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/shift/panels.h"
#include "core/base/words.h"
#include "core/statistics/correlation.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report {
namespace {

using figures::Panel;
using figures::Series;

constexpr const char* kRecall = "test:e_recall@1";
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Those that any run has measured.
std::vector<std::string> statistics_of(const std::vector<ShiftGrid>& grids) {
  std::vector<std::string> wanted = {"train:dists@intra", "train:dists@inter", "train:dists@intra_over_inter",
                                     "train:rho_spectrum@2"};
  std::set<std::string> others;
  for (const ShiftGrid& grid : grids) {
    for (const auto& row : grid.cells) {
      for (const Group& cell : row) {
        for (const Run* run : cell.runs) {
          for (auto at = run->courses.lower_bound("train:uniformity"); at != run->courses.end(); ++at) {
            if (!at->first.starts_with("train:uniformity")) break;
            others.insert(at->first);
          }
        }
      }
    }
  }
  wanted.insert(wanted.end(), others.begin(), others.end());
  std::erase_if(wanted, [&](const std::string& figure) {
    return std::ranges::none_of(grids, [&](const ShiftGrid& grid) { return has_figure(grid, figure); });
  });
  return wanted;
}

/// Mean over a cell's runs of the statistic, and of R@1, of runs that have both.
struct Point {
  double statistic = kNone, recall = kNone;
};

Point point_of(const Group& cell, const std::string& statistic, Choice choice) {
  std::vector<double> statistics, recalls;
  for (const Run* run : cell.runs) {
    const auto recall = chosen(*run, figure_of(*run, kRecall), choice);
    const auto value = recall ? value_at(*run, figure_of(*run, statistic), recall->epoch) : std::nullopt;
    if (!value) continue;
    recalls.push_back(recall->value);
    statistics.push_back(*value);
  }
  return {.statistic = statistics::mean(statistics), .recall = 100.0 * statistics::mean(recalls)};
}

/// [method][split]
using Points = std::vector<std::vector<Point>>;

Points points_of(const ShiftGrid& grid, const std::string& statistic, Choice choice) {
  Points points;
  for (const auto& row : grid.cells) {
    auto& list = points.emplace_back();
    for (const Group& cell : row) list.push_back(point_of(cell, statistic, choice));
  }
  return points;
}

/// Over the points of all splits, or of one.
statistics::Correlation correlation_of(const Points& points, std::optional<std::size_t> of_split) {
  std::vector<double> x, y;
  for (const auto& row : points) {
    for (std::size_t split = 0; split < row.size(); ++split) {
      if (of_split && *of_split != split) continue;
      x.push_back(row[split].statistic);
      y.push_back(row[split].recall);
    }
  }
  return statistics::pearson(x, y);
}

std::string number(double value) { return std::isnan(value) ? "-" : fmt::format("{:.2f}", value); }

Panel cloud_of(const ShiftGrid& grid, const std::string& statistic, const Points& points) {
  const statistics::Correlation correlation = correlation_of(points, std::nullopt);
  Panel panel{.title = grid.title + ", r = " + number(correlation.r),
              .x = {.label = figure_title(statistic)},
              .y = {.label = "R@1, %"}};
  for (std::size_t method = 0; method < points.size(); ++method) {
    Series series{.name = grid.methods[method], .mark = Series::Mark::kPoints, .colour = grid.colours[method]};
    for (const Point& point : points[method]) {
      series.x.push_back(point.statistic);
      series.y.push_back(point.recall);
    }
    panel.series.push_back(std::move(series));
  }
  return panel;
}

Series correlations_by_split(const ShiftGrid& grid, const std::string& statistic, const Points& points) {
  Series series{.name = figure_title(statistic)};
  for (std::size_t split = 0; split < grid.shifts(); ++split) {
    series.x.push_back(*grid.splits[split].fid);
    series.y.push_back(correlation_of(points, split).r);
  }
  return series;
}

std::vector<std::string> row_of(const ShiftGrid& grid, const std::string& statistic, const Points& points) {
  const statistics::Correlation all = correlation_of(points, std::nullopt);
  std::string at_default = "-";
  std::vector<double> by_split;
  for (std::size_t split = 0; split < grid.splits.size(); ++split) {
    const double r = correlation_of(points, split).r;
    by_split.push_back(r);
    if (grid.splits[split].is_default) at_default = number(r);
  }
  const std::vector<double> present = statistics::present(by_split);
  const auto ends = std::ranges::minmax_element(present);
  return {grid.title,
          figure_title(statistic),
          number(all.r),
          std::isnan(all.p) ? "-"
          : all.p < 0.001   ? "<0.001"
                            : fmt::format("{:.3f}", all.p),
          std::to_string(all.n),
          at_default,
          present.empty() ? "-" : number(*ends.min),
          present.empty() ? "-" : number(*ends.max)};
}

}  // namespace

Section structure_and_generalisation(const std::vector<ShiftGrid>& grids, const ReportOptions& options) {
  Section section{.title = "Structure of the training embedding and generalisation"};
  const std::vector<std::string> wanted = statistics_of(grids);
  if (wanted.empty()) {
    section.missing.push_back(
        "no finished run has measured its training set's embedding; evaluate.sets: [test, train] with "
        "evaluate.metrics dists@intra, dists@inter, dists@intra_over_inter, rho_spectrum@2 does");
    return section;
  }
  Table table{.name = "structure_correlations",
              .caption =
                  "Pearson correlation of statistics of the training embedding with R@1: over the means of all "
                  "methods and splits, and over the methods at single splits",
              .align = "llrrrrrr",
              .heading = {"benchmark", "statistic", "r", "p", "n", "r default", "r least", "r largest"},
              .rows = {}};
  std::vector<Panel> by_split;
  for (const ShiftGrid& grid : grids) {
    std::vector<Panel> clouds;
    Panel along = shift_panel(grid, "r with R@1 over methods");
    along.y.low = -1.0;
    along.y.high = 1.0;
    for (const std::string& statistic : wanted) {
      if (!has_figure(grid, statistic)) continue;
      const Points points = points_of(grid, statistic, options.choice);
      clouds.push_back(cloud_of(grid, statistic, points));
      along.series.push_back(correlations_by_split(grid, statistic, points));
      table.rows.push_back(row_of(grid, statistic, points));
    }
    if (clouds.empty()) continue;
    figures::Figure figure{.name = "structure_" + file_word(grid.title),
                           .caption = "R@1 against statistics of the training embedding on " + grid.heading() +
                                      ": a point a method and split, means over seeds; r: Pearson's correlation.",
                           .columns = 2,
                           .panel_width_cm = 8.8,
                           .panel_height_cm = 5.0,
                           .shared_legend = true,
                           .panels = std::move(clouds)};
    section.figures.push_back(std::move(figure));
    if (grid.shifts() >= 2 && grid.methods.size() >= 3) {
      by_split.push_back(std::move(along));
    } else {
      section.missing.push_back(grid.title +
                                ": correlations over the methods at each split want three methods and two FIDs");
    }
  }
  const std::string caption =
      "Pearson correlation over the methods of training statistics with R@1 at each split, against "
      "its FID.";
  for (figures::Figure& drawn : in_columns("structure_over_shift", caption, std::move(by_split)))
    section.figures.push_back(std::move(drawn));
  section.tables.push_back(std::move(table));
  return section;
}

}  // namespace oodml::cli::report
