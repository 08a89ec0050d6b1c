#include "coordinator/scheduling/lease_manager.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "coordinator/scheduling/attempt_changes.h"
#include "coordinator/scheduling/lease_manager_parts.h"
#include "core/base/words.h"

namespace oodml::coordinator::scheduling {
namespace {

/// "failed on gpu-1 (no such folder ...); all 4 slots that can run it are busy".
std::string with_faults(const std::vector<MachineFaultView>& faults, const std::string& waits_for) {
  std::vector<std::string> words;
  for (const MachineFaultView& fault : faults) words.push_back(fault.worker + " (" + fault.message + ")");
  return words.empty() ? waits_for : "failed on " + joined(words) + "; " + waits_for;
}

}  // namespace

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

void LeaseManager::register_worker(const job::WorkerInfo& worker, const std::vector<job::HeldLease>& held,
                                   Reply<LeaseTerms> reply) {
  const std::vector<job::HeldLease> strange = unknown(held);
  if (strange.empty()) return enlist(worker, reply);
  // Before the worker can be given anything: its slots are busy with these.
  take_up(worker.id, strange, [this, worker, reply = std::move(reply)](Status done) {
    if (!done.ok()) return reply(failure(std::move(done)));
    enlist(worker, reply);
  });
}

void LeaseManager::enlist(const job::WorkerInfo& worker, const Reply<LeaseTerms>& reply) {
  Status status;
  {
    Later later;
    const std::lock_guard lock(mutex_);
    status = workers_.put(worker);
    if (status.ok() && !worker.set_aside.empty()) send_away(worker.id, later);
    if (status.ok()) dispatch(later);
  }
  if (!status.ok()) return reply(failure(std::move(status)));
  spdlog::info("worker registered id={} host={} slots={}{}", worker.id.value, worker.host, worker.slots.size(),
               worker.set_aside.empty() ? "" : " set aside: " + worker.set_aside);
  reply(terms_);
}

void LeaseManager::leave(const WorkerId& worker) {
  {
    Later later;
    const std::lock_guard lock(mutex_);
    workers_.leave(worker);
    send_away(worker, later);
    dispatch(later);  // what was kept for it goes to others
  }
  spdlog::info("worker left id={}", worker.value);
}

void LeaseManager::stop() {
  Later later;
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (const auto& poll : parked_) answer(*poll, std::nullopt, later);
  parked_.clear();
}

LeaseManager::Glance LeaseManager::glance_at(const std::vector<store::StoredTrialView>& trials) {
  const std::lock_guard lock(mutex_);
  Glance glance{.workers = workers_, .busy = leases_.busy_slots()};
  for (const store::StoredTrialView& stored : trials) {
    const TrialId trial = stored.view.id;
    if (const HeldLease* held = leases_.find_by_trial(trial)) glance.progress[trial] = held->progress;
    if (const auto due = backoff_.find(trial); due != backoff_.end()) {
      const auto left = std::chrono::ceil<Duration>(due->second.due - clock_.steady_now());
      glance.not_before[trial] = clock_.now() + std::max(left, Duration(0));
    }
  }
  return glance;
}

void LeaseManager::complete(std::vector<store::StoredTrialView>& trials) {
  const Glance glance = glance_at(trials);
  std::map<LineKey, std::string> waiting;
  for (store::StoredTrialView& stored : trials) {
    TrialView& view = stored.view;
    if (view.state == job::TrialState::kQueued) {
      LineKey line{.need = stored.need, .failed_on = {}};
      for (const MachineFaultView& fault : view.failed_on) line.failed_on.insert({fault.worker});
      const auto [text, fresh] = waiting.try_emplace(std::move(line));
      if (fresh) text->second = glance.workers.waiting_for(text->first.need, text->first.failed_on, glance.busy);
      view.waiting_for = with_faults(view.failed_on, text->second);
    } else if (view.state == job::TrialState::kBackoff) {
      if (const auto due = glance.not_before.find(view.id); due != glance.not_before.end())
        view.not_before = due->second;
      view.waiting_for =
          with_faults(view.failed_on, "backoff until " + to_iso8601(view.not_before.value_or(clock_.now())));
    } else if (view.state == job::TrialState::kPaused) {
      view.waiting_for = "paused";
    } else if (const auto running = glance.progress.find(view.id); running != glance.progress.end()) {
      view.progress = running->second;
    }
  }
}

std::vector<WorkerView> LeaseManager::workers() {
  std::unique_lock lock(mutex_);
  const WorkerTable workers = workers_;
  const auto running = leases_.running();
  lock.unlock();
  std::vector<WorkerView> views = workers.views();
  for (WorkerView& view : views) {
    if (const auto trials = running.find(view.info.id); trials != running.end()) view.running = trials->second;
  }
  return views;
}

}  // namespace oodml::coordinator::scheduling
