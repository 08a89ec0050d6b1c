#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/cli/report/runs.h"

namespace oodml::cli::report {

/// Standard deviations: over the runs as the studies have it, or of a sample (n - 1).
enum class Spread { kPopulation, kSample };

/// 95 % intervals of a mean: by Student's t, or by resampling the runs (percentiles, fixed stream).
enum class Interval { kStudent, kBootstrap };

/// A split of --splits: what the figure of the shifts needs of a split file or of a progression.
struct SplitPoint {
  std::string benchmark;            ///< As trials name it; empty: of the only one.
  std::string id;                   ///< Empty: no split was made of it.
  std::optional<double> iteration;  ///< Pairs exchanged, negative towards easier splits; not known of a split file.
  double fid = 0.0;
  bool removes_classes = false;  ///< Made by leaving classes out: drawn as a bar beside the curve.
  bool is_default = false;
};

/// What people choose; one set for all kinds, each uses what it has a use for. docs/reports.md says what each does.
struct ReportOptions {
  Choice choice = Choice::kOwnBest;
  Spread spread = Spread::kPopulation;
  Interval interval = Interval::kStudent;
  /// Method (Run::method) that the others are compared with, seed by seed; empty: none.
  std::string baseline;
  /// Runs with fewer measured epochs than this are left out; not set: the kind's own number (min_epochs_of of
  /// select.h).
  std::optional<std::int64_t> min_epochs;
  /// Figures (keys of Run::courses) that tables show in place of the kind's own; empty: the kind's own.
  std::vector<std::string> metrics;
  std::vector<SplitPoint> splits;  ///< Of --splits; empty: the FIDs of the runs are drawn.
  /// Ids of default splits by benchmark, where they are none of those that are known (shift/grid.h).
  std::map<std::string, std::string> default_splits;
};

}  // namespace oodml::cli::report
