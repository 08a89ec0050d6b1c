#include "coordinator/scheduling/lease_manager.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <span>

#include "coordinator/store/attempt_table.h"

namespace oodml::coordinator::scheduling {
namespace {

constexpr Duration kKeptFor = std::chrono::seconds(10);  // a trial for the worker that has its checkpoint

}  // namespace

LeaseManager::LeaseManager(store::JobStore& store, Clock& clock, const LeaseTerms& terms, ChangeListener& listener)
    : store_(store), clock_(clock), terms_(terms), listener_(listener), workers_(clock, terms.heartbeat, terms.lease) {}

Status LeaseManager::recover() {
  struct Memory {
    std::vector<store::AttemptRow> attempts;
    std::vector<store::OwnerShare> shares;
    std::vector<store::LabelLimit> labels;
    std::vector<store::MarkRow> marks;
    std::vector<store::Use> uses;
  };
  const Time now = clock_.now();
  OODML_ASSIGN_OR_RETURN(const Memory memory, store_.read([&](store::Connection& database) -> Result<Memory> {
    return Memory{.attempts = store::open_attempts(database),
                  .shares = store::read_shares(database),
                  .labels = store::read_label_limits(database),
                  .marks = store::read_marks(database),
                  .uses = store::uses_since(database, now - FairShare::kForgotten)};
  }));
  {
    const std::lock_guard lock(mutex_);
    for (const store::OwnerShare& share : memory.shares) {
      accounts_.shares.set_weight(share.owner, share.weight);
      accounts_.limits.set_of_owner(share.owner, share.max_parallel);
    }
    for (const store::LabelLimit& limit : memory.labels) {
      accounts_.limits.set_of_label(limit.label, limit.max_parallel);
      label_limits_[limit.label] = limit.max_parallel;
    }
    for (const store::MarkRow& mark : memory.marks) workers_.put(mark);
    for (const store::Use& use : memory.uses) {
      accounts_.shares.remember(use.owner, now - use.from, now - use.until.value_or(now), clock_.steady_now());
    }
    const Steady deadline = clock_.steady_now() + terms_.restart_grace;
    for (const store::AttemptRow& attempt : memory.attempts) {
      leases_.add({.lease = attempt.lease,
                   .worker = attempt.worker,
                   .slot = attempt.slot,
                   .request_id = attempt.request_id,
                   .deadline = deadline});
      if (attempt.outcome) leases_.lose(attempt.lease.id);
    }
    next_upkeep_ = clock_.steady_now();
    workers_known_ = deadline;
  }
  return recover_trials();
}

/// Some at a time: there may be a million of them, and a read may not last for ever.
Status LeaseManager::recover_trials() {
  constexpr std::int64_t kTrialsOfRead = 50'000;
  for (const auto state : {job::TrialState::kQueued, job::TrialState::kRunning, job::TrialState::kBackoff}) {
    for (std::optional<TrialId> after = TrialId{}; after;) {
      OODML_ASSIGN_OR_RETURN(after, store_.read([&](store::Connection& database) -> Result<std::optional<TrialId>> {
        return store::read_situations(database, state, *after, kTrialsOfRead, [&](store::Situation situation) {
          Later later;
          const std::lock_guard lock(mutex_);
          apply_locked({std::move(situation)}, later);
        });
      }));
    }
  }
  const std::lock_guard lock(mutex_);
  spdlog::info("queue rebuilt: {} trials wait, {} leases live", queue_.size(), leases_.busy_slots().size());
  return {};
}

void LeaseManager::expect(std::vector<TrialId> trials) {
  const std::lock_guard lock(mutex_);
  expected_ = std::move(trials);
  arrived_ = 0;
}

void LeaseManager::arrive(std::vector<store::Situation> situations) {
  {
    Later later;
    const std::lock_guard lock(mutex_);
    while (!situations.empty() && arrived_ < expected_.size() && expected_[arrived_] <= situations.back().trial)
      ++arrived_;
    std::erase_if(situations, [this](const store::Situation& one) { return overtaken_.contains(one.trial); });
    apply_locked(situations, later);
  }
  listener_.trials_changed(situations);
}

void LeaseManager::have_arrived() {
  const std::lock_guard lock(mutex_);
  expected_ = {};
  arrived_ = 0;
  overtaken_ = {};
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
  bool may_fit = false;
  const auto expected = std::span(expected_).subspan(arrived_);
  for (const store::Situation& situation : situations) {
    if (std::ranges::binary_search(expected, situation.trial)) overtaken_.insert(situation.trial);
    leases_.apply(situation);
    backoff_.erase(situation.trial);
    may_fit = account_for(situation) || may_fit;
    if (situation.state == job::TrialState::kQueued) {
      put_in_queue(situation);
      may_fit = true;
      continue;
    }
    queue_.erase(situation.trial);
    kept_.erase(situation.trial);
    if (situation.state == job::TrialState::kBackoff) {
      // The wall clock may have been set since: at most its own length is waited, whatever the date says.
      const Duration left = situation.not_before.value_or(clock_.now()) - clock_.now();
      Backoff backoff{.due = steady_after(clock_.steady_now(), std::min(left, situation.backoff)), .elsewhere = {}};
      // What two machines could not run may be ill itself, or what they share is: that waits in any case.
      if (situation.machine_failed && situation.failed_on.size() == 1) {
        backoff.elsewhere = LineKey{.need = situation.need, .failed_on = situation.failed_on};
      }
      backoff_[situation.trial] = std::move(backoff);
    }
  }
  if (may_fit) dispatch(later);
}

bool LeaseManager::account_for(const store::Situation& situation) {
  const Steady now = clock_.steady_now();
  if (!job::is_final(situation.state)) {
    accounts_.limits.set_of_sweep(situation.charge.sweep, situation.max_parallel);
  }
  if (situation.state == job::TrialState::kRunning) {
    accounts_.begin(situation.trial, situation.charge, now);
    return false;
  }
  return !claiming_.contains(situation.trial) && accounts_.end(situation.trial, now);
}

void LeaseManager::put_in_queue(const store::Situation& situation) {
  if (claiming_.contains(situation.trial)) return;  // the claim finds it as it is now, or comes back empty
  LineKey line{.need = situation.need, .failed_on = situation.failed_on};
  const auto kept = kept_.find(situation.trial);
  const bool is_new = !queue_.contains(situation.trial);
  const bool begins = is_new && situation.preempted_on && workers_.takes_trials(*situation.preempted_on);
  if (begins) kept_[situation.trial] = clock_.steady_now() + kKeptFor;
  if (begins || kept != kept_.end()) line.kept_for = situation.preempted_on;
  queue_.put({.trial = situation.trial, .line = std::move(line), .turn = situation.turn, .charge = situation.charge},
             clock_.steady_now());
}

void LeaseManager::stop() {
  Later later;
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  polls_.end_all(later);
}

}  // namespace oodml::coordinator::scheduling
