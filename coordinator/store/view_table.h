#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/service/sweep_views.h"
#include "coordinator/service/trial_views.h"
#include "coordinator/store/label_condition.h"
#include "coordinator/store/sqlite.h"
#include "coordinator/store/trial_table.h"

namespace oodml::coordinator::store {

// What people are shown, as far as the database knows it: progress, and why a trial waits, are in memory.

SweepView read_sweep_view(Connection& database, SweepId sweep);
/// Newest first, those before `before` (0: from the newest), of one owner or (empty) of everybody: what is archived, or
/// what is not.
std::vector<SweepView> read_sweep_views(Connection& database, std::int64_t limit, std::int64_t before,
                                        const std::string& owner, bool archived);

/// A view with what the memory needs to complete it.
struct StoredTrialView {
  TrialView view;
  job::Need need;
};
/// Which trials of a sweep: those in one of `states`, with one of the labels of each axis; all where there are none.
struct ViewFilter {
  std::vector<job::TrialState> states;
  WantedLabels labels;
};
/// Each trial of the sweep once, by id, those after `after`; its labels are those of its first cell in the matrix that
/// passes.
std::vector<StoredTrialView> read_trial_views(Connection& database, SweepId sweep, const ViewFilter& filter,
                                              std::int64_t limit, std::int64_t after);
/// Labels are those within `sweep`, or of the oldest sweep that has the trial when `sweep` is 0.
std::optional<StoredTrialView> read_trial_view(Connection& database, TrialId trial, SweepId sweep);
/// kNotFound for a trial that is not there, with what may have been meant.
Failure no_trial(Connection& database, TrialId trial);
std::vector<AttemptView> read_attempt_views(Connection& database, TrialId trial);

}  // namespace oodml::coordinator::store
