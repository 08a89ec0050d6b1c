#include "coordinator/cli/report/shift/scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "coordinator/cli/report/comparison.h"
#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/shift/panels.h"
#include "core/statistics/generalisation_score.h"

namespace oodml::cli::report {
namespace {

constexpr Unit kScore = {.factor = 1.0, .decimals = 3};

/// Every seed that the sweep has of the method, whatever became of its runs, is one that is expected.
std::set<std::int64_t> expected_seeds(const ShiftGrid& grid, std::size_t method) {
  return {grid.seeds[method].begin(), grid.seeds[method].end()};
}

Summary score_of(const ShiftGrid& grid, std::size_t method, const std::string& figure, const ReportOptions& options) {
  std::vector<double> values;
  for (const auto& [seed, score] : scores_by_seed(grid, method, figure, options.choice)) values.push_back(score);
  return summary_of(values, expected_seeds(grid, method).size(), options.spread);
}

/// Bars that differ by a hundredth are told apart only where the axis begins near them.
double beginning_of(const figures::Series& bars) {
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (std::size_t i = 0; i < bars.y.size(); ++i) {
    if (std::isnan(bars.y[i])) continue;
    least = std::min(least, bars.low.empty() ? bars.y[i] : bars.low[i]);
    most = std::max(most, bars.high.empty() ? bars.y[i] : bars.high[i]);
  }
  if (!std::isfinite(least)) return 0.0;
  const double step = most - least > 0.1 ? 0.05 : 0.01;
  return std::max(0.0, std::floor((least - 0.5 * (most - least)) / step) * step);
}

figures::Panel bars_of(const ShiftGrid& grid, const std::vector<Summary>& scores) {
  figures::Panel panel{
      .title = grid.heading(), .x = {.label = "AGS"}, .categories = grid.methods, .horizontal = true, .legend = false};
  figures::Series bars{.name = "", .mark = figures::Series::Mark::kBars};
  bool has_bars = false;
  for (std::size_t method = 0; method < scores.size(); ++method) {
    const double deviation = std::isnan(scores[method].deviation) ? 0.0 : scores[method].deviation;
    has_bars = has_bars || scores[method].n > 1;
    bars.x.push_back(static_cast<double>(method));
    bars.y.push_back(scores[method].mean);
    bars.low.push_back(scores[method].mean - deviation);
    bars.high.push_back(scores[method].mean + deviation);
  }
  if (!has_bars) bars.low = bars.high = {};
  panel.x.low = beginning_of(bars);
  panel.series.push_back(std::move(bars));
  return panel;
}

Contest contest_of(const ShiftGrid& grid, const std::string& figure, const ReportOptions& options) {
  Contest contest{.cells = {grid.title}, .unit = kScore, .methods = {}};
  for (std::size_t method = 0; method < grid.methods.size(); ++method) {
    Contestant contestant{.method = grid.methods[method], .is_baseline = grid.is_baseline[method], .values = {}};
    for (const auto& [seed, score] : scores_by_seed(grid, method, figure, options.choice))
      contestant.values.emplace(Measured{"", seed}, score);
    contest.methods.push_back(std::move(contestant));
  }
  return contest;
}

}  // namespace

std::map<std::int64_t, double> scores_by_seed(const ShiftGrid& grid, std::size_t method, const std::string& figure,
                                              Choice choice) {
  std::map<std::int64_t, double> scores;
  for (const std::int64_t seed : expected_seeds(grid, method)) {
    std::vector<statistics::ShiftPoint> points;
    for (std::size_t split = 0; split < grid.shifts(); ++split) {
      const Group& cell = grid.cells[method][split];
      const auto run = std::ranges::find(cell.runs, seed, &Run::seed);
      points.push_back({.fid = *grid.splits[split].fid,
                        .value = run == cell.runs.end() ? std::numeric_limits<double>::quiet_NaN()
                                                        : value_of(**run, figure, choice)});
    }
    scores.emplace(seed, statistics::generalisation_score(std::move(points)));
  }
  return scores;
}

Section scores_over_shift(const std::vector<ShiftGrid>& grids, const std::string& name, const std::string& figure,
                          const ReportOptions& options) {
  const std::string title = figure_title(figure);
  Section section{.title = "Aggregated generalisation score over " + title};
  section.paragraphs.push_back(
      "The area under " + title +
      " over the FIDs of the splits, scaled to [0, 1], of each seed first and then their mean. A "
      "seed that lacks a split has no score.");
  std::vector<figures::Panel> panels;
  std::vector<SummaryRow> rows;
  std::vector<Contest> contests;
  for (const ShiftGrid& grid : grids) {
    if (!can_show_shift(grid, figure, section)) continue;
    std::vector<Summary> scores;
    for (std::size_t method = 0; method < grid.methods.size(); ++method) {
      scores.push_back(score_of(grid, method, figure, options));
      rows.push_back({.cells = {grid.title, grid.methods[method]}, .summary = scores.back(), .unit = kScore});
      if (scores.back().n < scores.back().expected) {
        section.missing.push_back(fmt::format("{}, {}: {} of {} seeds have a value at each of the {} splits",
                                              grid.title, grid.methods[method], scores.back().n, scores.back().expected,
                                              grid.shifts()));
      }
    }
    panels.push_back(bars_of(grid, scores));
    contests.push_back(contest_of(grid, figure, options));
  }
  const std::string caption = "Aggregated generalisation score (AGS) over " + title + ", mean and " +
                              spread_words(options.spread) + ". The axis does not begin at 0.";
  for (figures::Figure& drawn : in_columns(name, caption, std::move(panels)))
    section.figures.push_back(std::move(drawn));
  if (!rows.empty()) {
    section.tables.push_back(summary_table(name + "_table", "", {"benchmark", "method"}, rows, options.spread));
    section.tables.back().caption = "Aggregated generalisation score (AGS) over " + title +
                                    "; std: " + spread_words(options.spread) +
                                    "; intervals of the mean: 95 %, by Student's t and by resampling; n: seeds";
    add_comparison(section, name + "_differences", {"benchmark"}, contests, options.baseline);
  }
  return section;
}

}  // namespace oodml::cli::report
