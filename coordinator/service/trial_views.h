#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/job/event.h"
#include "core/job/identity.h"
#include "core/job/trial_spec.h"
#include "core/job/trial_state.h"

namespace oodml::coordinator {

/// What came of a trial on one worker whose machine could not run it, since the trial was last queued by hand.
struct MachineFaultView {
  std::string worker;
  std::int64_t times = 0;
  Time newest{};        ///< When the newest such attempt ended.
  std::string message;  ///< Of the newest.
};

struct TrialView {
  TrialId id;
  std::string fingerprint;
  std::map<std::string, std::string> labels;
  job::TrialState state = job::TrialState::kQueued;
  AttemptEpoch attempt = 0;
  std::string worker, slot;
  std::optional<Time> started, finished, not_before;
  std::string outcome, message, waiting_for;
  std::optional<job::Progress> progress;
  std::optional<job::Metric> newest_recall, best_recall;
  std::vector<MachineFaultView> failed_on;  ///< By worker.
};

struct AttemptView {
  AttemptEpoch attempt = 0;
  std::string worker, slot;
  Time started{};
  std::optional<Time> finished;
  std::string outcome, message;
  std::string device;                ///< What its process said; empty: unknown.
  job::Identity identity;            ///< What its numbers depend on.
  bool is_earlier_run = false;       ///< Before the trial began afresh: it counts no more.
  std::vector<job::Metric> results;  ///< Best values of an earlier run's success.
};

/// Points of a trial's curves, of all its runs.
struct PointThinning {
  std::int64_t kept = 0, gone = 0;  ///< Both 0: all are there.
};

struct TrialDetail {
  TrialView trial;
  job::TrialSpec spec;
  std::vector<AttemptView> attempts;
  std::vector<job::Event> events;
  std::vector<job::Metric> metrics;
  std::vector<SweepId> sweeps;
  PointThinning thinning;
};

}  // namespace oodml::coordinator
