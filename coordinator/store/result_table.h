#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/store/figure_pack.h"
#include "coordinator/store/sqlite.h"
#include "coordinator/store/sweep_table.h"
#include "core/job/event.h"
#include "core/job/lease.h"

namespace oodml::coordinator::store {

/// The figures of an attempt that succeeded, which it ends with, and what they were made of. Of an attempt that
/// measured nothing too: a trial has a row exactly when it has succeeded.
void insert_results(Connection& database, const job::Lease& lease, const std::vector<Figures>& figures);
/// By series; empty when it has not succeeded.
std::vector<Figures> read_results(Connection& database, TrialId trial);

/// The trial's results go to its history, as those of `attempt`.
void move_results_to_history(Connection& database, TrialId trial, AttemptEpoch attempt);

/// The best values of an earlier run that ended with `attempt`, by series; empty when it did not succeed.
std::vector<job::Metric> read_past_results(Connection& database, TrialId trial, AttemptEpoch attempt);

/// A metric that was measured.
struct MeasuredSeries {
  std::int64_t id = 0;
  MetricKey key;
};
/// As sweeps and tables name a series.
MetricKey key_of(std::string set, const std::string& embeds, const std::string& name);

/// A cell of a sweep's matrix and the results of its trial, while the function that is given it runs.
struct ResultMember {
  TrialId trial;
  std::string_view labels;   ///< As label_text.h has them.
  std::int64_t source = 0;   ///< Of read_source; 0: it has not succeeded.
  std::string_view figures;  ///< Packed (figure_pack.h).
};
/// In the sweep's order; a trial that two cells share comes twice.
void read_result_members(Connection& database, SweepId sweep, const std::function<void(const ResultMember&)>& take);
/// What results of this source were made of.
job::Identity read_source(Connection& database, std::int64_t source);

/// Migration 15: a row of all figures of a trial in the place of a row of each.
void pack_results(Connection& database);

}  // namespace oodml::coordinator::store
