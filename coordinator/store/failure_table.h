#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/store/sqlite.h"
#include "core/base/ids.h"

namespace oodml::coordinator::store {

// Sweeps that stop when too many of their trials have failed.

/// A sweep with as many failed trials as its max_failures allows, counted since it was last resumed.
struct TooManyFailures {
  SweepId sweep;
  std::int64_t failed = 0;
  TrialId newest;
  std::string message;  ///< Of the newest; its outcome where it said nothing.
};
/// Those of the sweeps that want this trial to run, and were not paused for it already.
std::vector<TooManyFailures> sweeps_failed_by(Connection& database, TrialId trial);
/// Those of them that this sweep is; empty when it has no limit, or not reached it.
std::vector<TooManyFailures> failures_of(Connection& database, SweepId sweep);

/// The sweep wants to run none of its trials any more, and lets those run to their end that do. Gives the trials for
/// which this makes a difference, which wait no longer unless another sweep wants them.
std::vector<TrialId> pause_for_failures(Connection& database, SweepId sweep, const std::string& because);
/// Failures count from now on, and the sweep's reason to be paused is gone.
void forget_failures(Connection& database, SweepId sweep, Time now);

}  // namespace oodml::coordinator::store
