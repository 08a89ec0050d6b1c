#include "coordinator/cli/report/shift/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "coordinator/cli/report/comparison.h"
#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/figure_words.h"
#include "coordinator/cli/report/method_names.h"
#include "coordinator/cli/report/shift/published_splits.h"

namespace oodml::cli::report {
namespace {

using Split = ShiftGrid::Split;

bool is_default_split(const std::string& benchmark, const Split& split, const ReportOptions& options) {
  if (const auto said = options.default_splits.find(benchmark); said != options.default_splits.end())
    return said->second == split.id;
  if (split.id == "default") return true;
  const PublishedSplit* published = published_split(benchmark, split.id, split.fid);
  return published != nullptr && !published->removes_classes && published->iteration == 0.0;
}

/// Numbers by value, others by text after them.
std::pair<double, std::string> order_of(const std::string& id) {
  char* end = nullptr;
  const double number = std::strtod(id.c_str(), &end);
  const bool is_number = !id.empty() && *end == '\0' && std::isfinite(number);
  return {is_number ? number : std::numeric_limits<double>::infinity(), id};
}

std::vector<Split> splits_of(const std::vector<const Run*>& runs, const std::string& benchmark,
                             const ReportOptions& options) {
  std::map<std::string, Split> splits;
  for (const Run* run : runs) {
    Split& split = splits.try_emplace(run->split, Split{.id = run->split}).first->second;
    if (run->fid && std::isfinite(*run->fid)) split.fid = run->fid;
  }
  std::vector<Split> list;
  for (auto& [id, split] : splits) {
    split.is_default = is_default_split(benchmark, split, options);
    list.push_back(std::move(split));
  }
  std::ranges::sort(list, {}, [](const Split& split) {
    return std::tuple(split.fid.value_or(std::numeric_limits<double>::infinity()), order_of(split.id));
  });
  return list;
}

std::size_t place_of(const auto& list, const auto& wanted, auto projection) {
  return static_cast<std::size_t>(std::ranges::find(list, wanted, projection) - list.begin());
}

/// Splits of one id with different FIDs, and runs that nothing tells apart.
std::vector<std::string> doubts_of(const ShiftGrid& grid, const std::vector<const Run*>& runs) {
  std::map<std::string, std::set<double>> fids;
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::size_t> places;
  for (const Run* run : runs) {
    if (run->fid) fids[run->split].insert(*run->fid);
    ++places[{method_name(*run).title, run->split, run->seed}];
  }
  std::vector<std::string> doubts;
  for (const auto& [split, values] : fids) {
    if (values.size() < 2) continue;
    doubts.push_back(
        fmt::format("{}: split {} has {} FIDs, from {:.2f} to {:.2f}: runs of different split files are "
                    "told as one",
                    grid.title, split, values.size(), *values.begin(), *values.rbegin()));
  }
  const auto twice = std::ranges::count_if(places, [](const auto& place) { return place.second > 1; });
  if (twice > 0) {
    doubts.push_back(
        fmt::format("{}: several runs have the same method, split and seed ({} times): sweeps of "
                    "different settings are told as one",
                    grid.title, twice));
  }
  return doubts;
}

ShiftGrid grid_of(const std::string& benchmark, const std::vector<const Run*>& runs, std::int64_t min_epochs,
                  const ReportOptions& options) {
  ShiftGrid grid{.benchmark = benchmark,
                 .title = benchmark_title(*runs.front()),
                 .splits = splits_of(runs, benchmark, options),
                 .methods = {},
                 .cells = {}};
  for (const Run* run : runs) {
    std::string title = method_name(*run).title;
    const std::size_t method = place_of(grid.methods, title, std::identity());
    if (method == grid.methods.size()) {
      grid.is_baseline.push_back(is_called(*run, title, options.baseline));
      grid.methods.push_back(std::move(title));
      grid.seeds.emplace_back();
      grid.cells.emplace_back(grid.splits.size());
    }
    grid.seeds[method].insert(run->seed);
    Group& cell = grid.cells[method][place_of(grid.splits, run->split, &Split::id)];
    ++cell.expected;
    if (counts(*run, min_epochs)) cell.runs.push_back(run);
  }
  grid.doubts = doubts_of(grid, runs);
  return grid;
}

}  // namespace

std::size_t ShiftGrid::succeeded() const {
  std::size_t n = 0;
  for (const auto& row : cells) {
    for (const Group& cell : row) n += cell.runs.size();
  }
  return n;
}

std::size_t ShiftGrid::expected() const {
  std::size_t n = 0;
  for (const auto& row : cells) {
    for (const Group& cell : row) n += cell.expected;
  }
  return n;
}

std::size_t ShiftGrid::shifts() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(splits, [](const Split& split) { return split.fid.has_value(); }));
}

std::string ShiftGrid::heading() const { return fmt::format("{} ({}/{} runs)", title, succeeded(), expected()); }

std::vector<ShiftGrid> shift_grids(const std::vector<Run>& runs, std::int64_t min_epochs,
                                   const ReportOptions& options) {
  std::vector<std::pair<std::string, std::vector<const Run*>>> benchmarks;
  for (const Run& run : runs) {
    const std::size_t place = place_of(benchmarks, run.benchmark, [](const auto& entry) { return entry.first; });
    if (place == benchmarks.size()) benchmarks.emplace_back(run.benchmark, std::vector<const Run*>());
    benchmarks[place].second.push_back(&run);
  }
  std::vector<ShiftGrid> grids;
  std::vector<std::string> methods;
  for (const auto& [benchmark, members] : benchmarks) {
    grids.push_back(grid_of(benchmark, members, min_epochs, options));
    for (const std::string& method : grids.back().methods) {
      const std::size_t place = place_of(methods, method, std::identity());
      if (place == methods.size()) methods.push_back(method);
      grids.back().colours.push_back(static_cast<int>(place));
    }
  }
  return grids;
}

Summary cell_summary(const Group& cell, const std::string& figure, const ReportOptions& options) {
  return summary_of(values_of(cell, figure, options.choice), cell.expected, options.spread);
}

bool has_figure(const ShiftGrid& grid, const std::string& figure) {
  return std::ranges::any_of(grid.cells, [&](const auto& row) {
    return std::ranges::any_of(row, [&](const Group& cell) {
      return std::ranges::any_of(cell.runs,
                                 [&](const Run* run) { return run->courses.contains(figure_of(*run, figure)); });
    });
  });
}

}  // namespace oodml::cli::report
