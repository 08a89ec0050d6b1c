// What the passing of time does to LeaseManager's polls, leases and trials in backoff.
#include <spdlog/spdlog.h>

#include "coordinator/scheduling/attempt_changes.h"
#include "coordinator/scheduling/lease_manager.h"

namespace oodml::coordinator::scheduling {
namespace {

constexpr Duration kUpkeepEvery = std::chrono::hours(1);
constexpr Duration kTryAgainAfter = std::chrono::seconds(5);  // a change by time that the disk refused

}  // namespace

void LeaseManager::tick() {
  Later later;
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  polls_.end_due(clock_.steady_now(), later);
  tick_leases(later);
  tick_backoff(later);
  tick_kept(later);
  tick_upkeep();
}

void LeaseManager::tick_leases(Later& later) {
  for (HeldLease& held : leases_.take_expired(clock_.steady_now())) {
    later.add([this, held = std::move(held)] { expire(held); });
  }
}

void LeaseManager::expire(const HeldLease& held) {
  const std::string message = "the lease ran out: worker " + held.worker.value + " was not heard of in time";
  const Change change = [lease = held.lease, message, now = clock_.now()](store::Connection& database) {
    return scheduling::expire(database, lease, message, now);
  };
  store_.write<Situations>(change, [this, held](Result<Situations> result) {
    bool ended_by_itself = false;
    {
      Later later;
      const std::lock_guard lock(mutex_);
      if (result) {
        ended_by_itself = leases_.find(held.lease.id) == nullptr;
        leases_.lose(held.lease.id);
        apply_locked(*result, later);
      } else if (HeldLease* still = leases_.find(held.lease.id)) {
        still->changing = false;
        still->deadline = std::max(still->deadline, clock_.steady_now() + kTryAgainAfter);
      }
    }
    if (!result) return;
    spdlog::warn("lease expired trial={} attempt={} worker={} trial_state={}", held.lease.trial.value,
                 held.lease.attempt, held.worker.value, job::to_text(result->front().state));
    if (!ended_by_itself) {
      listener_.lease_expired();
      listener_.attempt_ended(job::Outcome::kLost);
    }
    listener_.trials_changed(*result);
  });
}

void LeaseManager::tick_backoff(Later& later) {
  const Steady now = clock_.steady_now();
  std::vector<TrialId> due;
  std::map<LineKey, bool> others;  // trials that failed together have few needs
  const auto can_run_elsewhere = [&](const LineKey& line) {
    const auto [known, fresh] = others.try_emplace(line);
    if (fresh) known->second = workers_.others_can_run(line.need, line.failed_on);
    return known->second;
  };
  for (const auto& [trial, backoff] : backoff_) {
    if (backoff.due <= now || (backoff.elsewhere && can_run_elsewhere(*backoff.elsewhere))) due.push_back(trial);
  }
  if (due.empty()) return;
  for (const TrialId trial : due) backoff_.erase(trial);
  later.add([this, due = std::move(due)] { release(due); });
}

/// Who has the checkpoint did not ask for it in time: anyone may have the trial.
void LeaseManager::tick_kept(Later& later) {
  bool released = false;
  for (auto kept = kept_.begin(); kept != kept_.end();) {
    if (kept->second > clock_.steady_now()) {
      ++kept;
      continue;
    }
    if (auto trial = queue_.find(kept->first)) {
      trial->line.kept_for.reset();
      queue_.put(*trial, clock_.steady_now());
      released = true;
    }
    kept = kept_.erase(kept);
  }
  if (released) dispatch(later);
}

void LeaseManager::release(const std::vector<TrialId>& trials) {
  store_.write<Situations>(
      [trials, now = clock_.now()](store::Connection& database) -> Result<Situations> {
        Situations situations;
        for (const TrialId trial : trials) {
          if (store::situation_of(database, trial).state != job::TrialState::kBackoff) continue;
          store::set_state(database, trial, job::TrialState::kQueued, now);
          situations.push_back(store::situation_of(database, trial));
        }
        return situations;
      },
      [this, trials](Result<Situations> result) {
        if (result) return apply(*result);
        const std::lock_guard lock(mutex_);
        for (const TrialId trial : trials)
          backoff_.try_emplace(trial, Backoff{.due = clock_.steady_now() + kTryAgainAfter, .elsewhere = {}});
      });
}

void LeaseManager::tick_upkeep() {
  if (clock_.steady_now() < next_upkeep_) return;
  next_upkeep_ = clock_.steady_now() + kUpkeepEvery;
  workers_.forget_old();
}

}  // namespace oodml::coordinator::scheduling
