#include "coordinator/scheduling/lease_manager.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "coordinator/store/attempt_table.h"

namespace oodml::coordinator::scheduling {

LeaseManager::LeaseManager(store::JobStore& store, Clock& clock, const LeaseTerms& terms, ChangeListener& listener)
    : store_(store), clock_(clock), terms_(terms), listener_(listener), workers_(clock, terms.heartbeat, terms.lease) {}

Status LeaseManager::recover() {
  struct Memory {
    std::vector<store::Situation> situations;
    std::vector<store::AttemptRow> attempts;
  };
  OODML_ASSIGN_OR_RETURN(const Memory memory, store_.read([](store::Connection& database) -> Result<Memory> {
    return Memory{store::situations_under_way(database), store::open_attempts(database)};
  }));
  Later later;
  const std::lock_guard lock(mutex_);
  const Steady deadline = clock_.steady_now() + terms_.restart_grace;
  for (const store::AttemptRow& attempt : memory.attempts) {
    leases_.add({.lease = attempt.lease,
                 .worker = attempt.worker,
                 .slot = attempt.slot,
                 .request_id = attempt.request_id,
                 .deadline = deadline});
    if (attempt.outcome) leases_.lose(attempt.lease.id);
  }
  apply_locked(memory.situations, later);
  next_upkeep_ = clock_.steady_now();
  workers_known_ = deadline;
  spdlog::info("queue rebuilt: {} trials wait, {} leases live", queue_.size(), leases_.busy_slots().size());
  return {};
}

void LeaseManager::apply(const std::vector<store::Situation>& situations) {
  {
    Later later;
    const std::lock_guard lock(mutex_);
    apply_locked(situations, later);
  }
  listener_.trials_changed(situations);
}

void LeaseManager::apply_locked(const std::vector<store::Situation>& situations, Later& later) {
  bool added = false;
  for (const store::Situation& situation : situations) {
    leases_.apply(situation);
    backoff_.erase(situation.trial);
    if (situation.state == job::TrialState::kQueued) {
      queue_.put({.trial = situation.trial, .line = {situation.need, situation.failed_on}, .turn = situation.turn});
      added = true;
      continue;
    }
    queue_.erase(situation.trial);
    if (situation.state == job::TrialState::kBackoff) {
      // The wall clock may have been set since: at most its own length is waited, whatever the date says.
      const Duration left = situation.not_before.value_or(clock_.now()) - clock_.now();
      Backoff backoff{.due = steady_after(clock_.steady_now(), std::min(left, situation.backoff)), .elsewhere = {}};
      // What two machines could not run may be ill itself, or what they share is: that waits in any case.
      if (situation.machine_failed && situation.failed_on.size() == 1) {
        backoff.elsewhere = LineKey{situation.need, situation.failed_on};
      }
      backoff_[situation.trial] = std::move(backoff);
    }
  }
  if (added) dispatch(later);
}

void LeaseManager::stop() {
  Later later;
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  polls_.end_all(later);
}

}  // namespace oodml::coordinator::scheduling
