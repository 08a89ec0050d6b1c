// What people see of trials and workers.
#include <algorithm>

#include "coordinator/scheduling/lease_manager.h"
#include "coordinator/service/trial_views.h"
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

LeaseManager::Glance LeaseManager::glance_at(const std::vector<store::StoredTrialView>& trials) {
  const std::lock_guard lock(mutex_);
  Glance glance{.workers = workers_, .busy = leases_.busy_slots(), .limits = accounts_.limits};
  for (const store::StoredTrialView& stored : trials) {
    const TrialId trial = stored.view.id;
    if (const store::Charge* charge = queue_.charge_of(trial); charge && !accounts_.limits.allow(*charge)) {
      glance.held.emplace(trial, *charge);
    }
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
      const auto held = glance.held.find(view.id);
      view.waiting_for =
          with_faults(view.failed_on,
                      held == glance.held.end() ? text->second : joined(glance.limits.what_holds(held->second), "; "));
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
    if (view.state == "drained" && !view.running.empty()) view.state = "draining";
  }
  return views;
}

}  // namespace oodml::coordinator::scheduling
