#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/service/estimate.h"
#include "core/base/ids.h"
#include "core/job/identity.h"
#include "core/job/sweep_plan.h"
#include "core/job/trial_state.h"

namespace oodml::coordinator {

struct PlannedTrialView {
  job::PlannedTrial trial;
  std::optional<job::TrialState> existing;  ///< of the equal trial that is already there
};

struct PlanView {
  std::string name;
  std::int64_t trials = 0;
  std::int64_t new_trials = 0;
  std::vector<job::AxisCount> axes;
  std::vector<PlannedTrialView> planned;
  std::vector<std::string> notes;  ///< What a submission would do other than one may think.
  Estimate estimate;               ///< Of the new trials.
  std::string refusal;             ///< With which it would be refused as it stands; empty: it would not.
};

/// How a sweep is submitted.
struct SubmitOptions {
  std::int64_t priority = 0;                                    ///< Larger goes first.
  bool rerun = false;                                           ///< Trials that were run before begin afresh.
  std::vector<std::pair<std::string, std::string>> rerun_only;  ///< Only those with these labels; empty: all.
  bool reuse = false;             ///< Share results although they were made of other data than there is now.
  job::DataStamps on_disk;        ///< What the caller's machine holds, beside what workers announce.
  std::string owner;              ///< Who submits; empty where nobody is asked for tokens.
  bool is_operator = true;        ///< The owner may run trials of others again.
  bool may_bring_scripts = true;  ///< The owner may submit code of its own, which workers run.
};

struct SubmitView {
  SweepId sweep;
  std::string name;
  std::int64_t trials = 0;
  std::int64_t new_trials = 0;
  std::int64_t rerun_trials = 0;
  std::vector<std::string> notes;  ///< For people: what will not happen, and what could not be checked.
};

}  // namespace oodml::coordinator
