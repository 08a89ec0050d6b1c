#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/store/sqlite.h"
#include "coordinator/store/sweep_table.h"
#include "core/job/event.h"

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

/// The trial's results go to its history, as those of `attempt`.
void move_results_to_history(Connection& database, TrialId trial, AttemptEpoch attempt);

/// The best values of an earlier run that ended with `attempt`, by series; empty when it did not succeed.
std::vector<job::Metric> read_past_results(Connection& database, TrialId trial, AttemptEpoch attempt);

/// What the succeeded trials of the sweep, each once, are results of.
struct ResultSource {
  TrialId trial;
  job::Identity identity;
};
std::vector<ResultSource> result_sources(Connection& database, SweepId sweep);

/// The metrics that results of the sweep's trials have.
struct MeasuredSeries {
  std::int64_t id = 0;
  MetricKey key;
};
/// As sweeps and tables name a series.
MetricKey key_of(std::string set, const std::string& embeds, const std::string& name);
std::vector<MeasuredSeries> measured_series(Connection& database, SweepId sweep);

struct TrialFigures {
  TrialId trial;
  Figures figures;
};
/// Of the sweep's succeeded trials, each once, the series asked for, by trial and series.
std::vector<TrialFigures> read_results(Connection& database, SweepId sweep, const std::vector<std::int64_t>& series);
/// The same of these trials.
std::vector<TrialFigures> read_results(Connection& database, const std::set<TrialId>& trials,
                                       const std::vector<std::int64_t>& series);

}  // namespace oodml::coordinator::store
