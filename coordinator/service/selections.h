#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/service/metric_page.h"
#include "coordinator/service/person.h"
#include "coordinator/service/sweep_views.h"
#include "core/base/ids.h"
#include "core/job/trial_state.h"

namespace oodml::coordinator {

// A `limit` of 0 asks for the usual page, and more than the most (core/job/limits.h) for the largest. `where` is what
// coordinator/results/trial_selector.h reads.

/// Which sweeps are listed, newest first.
struct SweepSelection {
  std::int64_t limit = 0;
  std::int64_t before = 0;  ///< Only older ones than this; 0: from the newest.
  std::string owner;        ///< Only this owner's; empty: everybody's.
  bool archived = false;    ///< Those that are archived, in place of the others.
};

/// Which trials of which sweep are shown, by id.
struct TrialSelection {
  SweepRef sweep;
  std::vector<job::TrialState> states;  ///< Only those in one of these; empty: all.
  std::int64_t limit = 0;
  std::int64_t after_trial = 0;
  std::vector<std::string> where;
};

/// Whose figures are read: one trial's, or those of a sweep's trials that `where` lets through.
struct MetricSelection {
  SweepRef sweep;
  TrialId trial;  ///< 0: of the sweep.
  std::vector<std::string> where;
  MetricCursor after;
};

/// Whose files are listed: one trial's, or those of a sweep's trials that `where` lets through.
struct FileSelection {
  SweepRef sweep;
  TrialId trial;  ///< 0: of the sweep.
  std::vector<std::string> where;
  TrialId after;  ///< Only trials with larger ids.
};

/// What a change is about, and who asks for it: of the sweep those trials that both `trials` and `where` let through;
/// without either the whole sweep.
struct ChangeSelection {
  SweepRef sweep;
  std::vector<TrialId> trials;
  std::string request_id;
  std::vector<std::string> where;
  Person by;

  bool is_whole_sweep() const { return trials.empty() && where.empty(); }
};

}  // namespace oodml::coordinator
