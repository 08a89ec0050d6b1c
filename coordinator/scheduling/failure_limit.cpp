#include "coordinator/scheduling/failure_limit.h"

#include <spdlog/spdlog.h>

#include <string>

#include "coordinator/store/failure_table.h"
#include "core/base/code_point.h"

namespace oodml::coordinator::scheduling {
namespace {

constexpr std::size_t kMessageBytes = 500;  // of the newest failure, in the reason

/// "3 trials failed, the newest, trial 7: out of memory"
std::string reason_of(const store::TooManyFailures& failures) {
  const std::string trial = "trial " + std::to_string(failures.newest.value) + ": " +
                            std::string(beginning_of(failures.message, kMessageBytes));
  if (failures.failed == 1) return "1 trial failed, " + trial;
  return std::to_string(failures.failed) + " trials failed, the newest, " + trial;
}

std::vector<store::Situation> pause(store::Connection& database, const std::vector<store::TooManyFailures>& failing) {
  std::vector<store::Situation> situations;
  for (const store::TooManyFailures& failures : failing) {
    const std::string reason = reason_of(failures);
    for (const TrialId trial : store::pause_for_failures(database, failures.sweep, reason)) {
      situations.push_back(store::situation_of(database, trial));
    }
    spdlog::warn("sweep paused id={}: {}", failures.sweep.value, reason);
  }
  return situations;
}

}  // namespace

std::vector<store::Situation> pause_failing_sweeps(store::Connection& database, TrialId failed) {
  return pause(database, store::sweeps_failed_by(database, failed));
}

std::vector<store::Situation> pause_if_failing(store::Connection& database, SweepId sweep) {
  return pause(database, store::failures_of(database, sweep));
}

}  // namespace oodml::coordinator::scheduling
