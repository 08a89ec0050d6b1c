#include "coordinator/cli/report/shift/progression.h"

#include <algorithm>
#include <ranges>

#include "coordinator/cli/report/shift/panels.h"
#include "coordinator/cli/report/shift/published_splits.h"

namespace oodml::cli::report {
namespace {

using figures::Series;

std::vector<SplitPoint> points_of_runs(const ShiftGrid& grid) {
  std::vector<SplitPoint> points;
  for (const ShiftGrid::Split& split : grid.splits) {
    if (!split.fid) continue;
    const PublishedSplit* published = published_split(grid.benchmark, split.id, split.fid);
    points.push_back({.benchmark = grid.benchmark,
                      .id = split.id,
                      .iteration = published == nullptr ? std::nullopt : std::optional(published->iteration),
                      .fid = *split.fid,
                      .removes_classes = published != nullptr && published->removes_classes,
                      .is_default = split.is_default});
  }
  return points;
}

/// Of --splits those of the benchmark; those without a benchmark where there is one only.
std::vector<SplitPoint> points_of(const ShiftGrid& grid, bool is_only, const ReportOptions& options) {
  std::vector<SplitPoint> points;
  std::ranges::copy_if(options.splits, std::back_inserter(points), [&](const SplitPoint& point) {
    return point.benchmark == grid.benchmark || point.benchmark == grid.title || (point.benchmark.empty() && is_only);
  });
  return points.empty() ? points_of_runs(grid) : points;
}

/// By exchanges where all know theirs, else numbered by FID.
bool place(std::vector<SplitPoint>& exchanged) {
  const bool known =
      std::ranges::all_of(exchanged, [](const SplitPoint& point) { return point.iteration.has_value(); });
  if (known) {
    std::ranges::stable_sort(exchanged, {}, [](const SplitPoint& point) { return *point.iteration; });
    return true;
  }
  std::ranges::stable_sort(exchanged, {}, &SplitPoint::fid);
  for (std::size_t i = 0; i < exchanged.size(); ++i) exchanged[i].iteration = static_cast<double>(i + 1);
  return false;
}

void add(const SplitPoint& point, double x, Series& series) {
  series.x.push_back(x);
  series.y.push_back(point.fid);
  series.labels.push_back(point.id);
}

figures::Panel panel_of(const ShiftGrid& grid, std::vector<SplitPoint> points) {
  const auto end =
      std::ranges::stable_partition(points, [](const SplitPoint& point) { return !point.removes_classes; });
  std::vector<SplitPoint> removed(end.begin(), end.end()), exchanged(points.begin(), end.begin());
  const bool by_exchanges = place(exchanged);
  std::ranges::stable_sort(removed, {}, &SplitPoint::fid);
  figures::Panel panel{.title = grid.title,
                       .x = {.label = by_exchanges ? "pairs of classes exchanged" : "split, by FID"},
                       .y = {.label = "FID", .low = 0.0}};
  Series curve{.name = "classes exchanged", .labels = {}},
      bars{.name = "classes left out", .mark = Series::Mark::kBars};
  for (const SplitPoint& point : exchanged) {
    add(point, *point.iteration, curve);
    if (point.is_default)
      panel.rules.push_back({.at = *point.iteration, .label = "default split", .label_at_end = true});
  }
  const double first = exchanged.empty() ? 0.0 : *exchanged.front().iteration;
  const double last = exchanged.empty() ? 0.0 : *exchanged.back().iteration;
  const double step = std::max(last - first, 1.0) / 10.0;
  for (std::size_t i = 0; i < removed.size(); ++i) {
    add(removed[i], last + static_cast<double>(i + 1) * step, bars);
    bars.labels.back().clear();
  }
  if (!curve.x.empty()) panel.series.push_back(std::move(curve));
  if (!bars.x.empty()) panel.series.push_back(std::move(bars));
  return panel;
}

}  // namespace

Section fid_progression(const std::vector<ShiftGrid>& grids, const ReportOptions& options) {
  Section section{.title = "Shift of the splits"};
  std::vector<figures::Panel> panels;
  for (const ShiftGrid& grid : grids) {
    std::vector<SplitPoint> points = points_of(grid, grids.size() == 1, options);
    if (points.size() < 2) {
      section.missing.push_back(grid.title +
                                ": fewer than two splits have a FID; --splits FILE reads those of a split "
                                "file or of a progression of oodml splits create");
      continue;
    }
    panels.push_back(panel_of(grid, std::move(points)));
  }
  const std::string caption =
      "FID of training and test classes over the progression of the splits; dashed: the default "
      "split. Numbers beside points are the splits' ids.";
  section.figures = in_columns("fid_progression", caption, std::move(panels));
  return section;
}

}  // namespace oodml::cli::report
