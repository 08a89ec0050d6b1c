#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "coordinator/store/sqlite.h"
#include "coordinator/store/sweep_table.h"

namespace oodml::coordinator::store {

/// The figures of one metric of a succeeded trial. A value may be NaN: it was measured so.
struct Figures {
  std::int64_t series = 0;
  double best = std::numeric_limits<double>::quiet_NaN();
  std::int64_t best_epoch = 0;
  double last = std::numeric_limits<double>::quiet_NaN();
  std::int64_t last_epoch = 0;
  double selected = std::numeric_limits<double>::quiet_NaN();  ///< NaN without validation
  std::optional<std::int64_t> selected_epoch;
};

void insert_results(Connection& database, TrialId trial, const std::vector<Figures>& figures);

/// The metrics that results of the sweep's trials have.
struct MeasuredSeries {
  std::int64_t id = 0;
  MetricKey key;
};
std::vector<MeasuredSeries> measured_series(Connection& database, SweepId sweep);

struct TrialFigures {
  TrialId trial;
  Figures figures;
};
/// Of the sweep's succeeded trials, each once, the series asked for, by trial and series.
std::vector<TrialFigures> read_results(Connection& database, SweepId sweep, const std::vector<std::int64_t>& series);

}  // namespace oodml::coordinator::store
