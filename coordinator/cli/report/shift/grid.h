#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/cli/report/options.h"
#include "coordinator/cli/report/runs.h"
#include "coordinator/cli/report/select.h"
#include "coordinator/cli/report/summary.h"

namespace oodml::cli::report {

/// The runs of one benchmark by method and split; cells point at the runs, which must outlive it.
struct ShiftGrid {
  struct Split {
    std::string id;
    std::optional<double> fid;
    bool is_default = false;
  };
  std::string benchmark, title;               ///< As trials name it, and as it is shown.
  std::vector<Split> splits;                  ///< By FID; those without one after them, by id.
  std::vector<std::string> methods;           ///< As they are shown (method_names.h), in the order of the sweeps.
  std::vector<int> colours;                   ///< Of the methods in figures, the same on all benchmarks.
  std::vector<std::set<std::int64_t>> seeds;  ///< Of each method, whatever became of its runs.
  std::vector<bool> is_baseline;              ///< Whether ReportOptions::baseline means the method.
  std::vector<std::vector<Group>> cells;      ///< [method][split]; a cell without runs expects none.

  std::size_t succeeded() const;
  std::size_t expected() const;
  /// Number of splits with a FID.
  std::size_t shifts() const;
  /// What makes its cells doubtful, in words for Section::missing.
  std::vector<std::string> doubts;

  /// "CUB (44/45 runs)"
  std::string heading() const;
};

/// One grid a benchmark, in the order of the sweeps. The default split is the one with the id `default`, that of
/// ReportOptions::default_splits, or that of the published file: known by its id and FID.
/// Source: docs/splits.md#published-runs.
std::vector<ShiftGrid> shift_grids(const std::vector<Run>& runs, std::int64_t min_epochs, const ReportOptions& options);

/// The figure over the runs of a cell.
Summary cell_summary(const Group& cell, const std::string& figure, const ReportOptions& options);

/// Whether any run that counts has a value of the figure.
bool has_figure(const ShiftGrid& grid, const std::string& figure);

}  // namespace oodml::cli::report
