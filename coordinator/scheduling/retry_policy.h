#pragma once

#include <string>

#include "coordinator/store/attempt_table.h"
#include "coordinator/store/trial_table.h"
#include "core/base/clock.h"
#include "core/job/trial_state.h"

namespace oodml::coordinator::scheduling {

/// What becomes of a trial whose attempt ended.
struct NextStep {
  job::TrialState state = job::TrialState::kQueued;
  std::string reason;      ///< for people, when the policy and not the attempt decided: retries used up, poison
  bool tells_all = false;  ///< the reason holds what the attempt said
};

/// `history` includes the attempt that just ended; `wish` is that of the sweeps which share the trial.
/// A success counts whatever was wished. A failure that would come again ends the trial. Otherwise a cancelled
/// trial is cancelled, a paused one paused, a preempted one queued at once, and the rest waits (backoff) until
/// job::kMaxRetries are used up, or `machine_retries` after faults of machines, or until it crashed or failed on the
/// machines of job::kPoisonWorkers different workers.
NextStep next_step(job::Outcome outcome, store::Wish wish, const store::TryHistory& history,
                   int machine_retries = job::kMaxRetries);

/// 30 s doubled with every try, at most 30 min, plus up to a quarter that is a function of trial and attempt, so
/// that trials which failed together do not come back together. `tries` is 1 after the first.
Duration backoff_delay(TrialId trial, AttemptEpoch attempt, int tries);

}  // namespace oodml::coordinator::scheduling
