#include "coordinator/submission/runnable.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "coordinator/store/trial_need.h"
#include "core/job/need.h"

namespace oodml::coordinator::submission {
namespace {

/// Said goodbye, or has not answered for long: no trial waits for it.
bool is_gone(const WorkerView& worker) { return worker.state == "lost" || worker.state == "left"; }

/// Empty when a worker could run it; else what the first one says.
std::string why_nobody(const job::Need& need, const std::vector<WorkerView>& workers) {
  std::string first;
  for (const WorkerView& worker : workers) {
    if (is_gone(worker)) continue;
    for (const job::Slot& slot : worker.info.slots) {
      const std::string reason = job::why_not(need, worker.info, slot);
      if (reason.empty()) return "";
      if (first.empty()) first = worker.info.id.value + ": " + reason;
    }
  }
  return first;
}

}  // namespace

std::vector<std::string> not_runnable(const std::vector<WorkerView>& workers, const job::SweepPlan& plan) {
  if (std::ranges::all_of(workers, is_gone)) return {};
  std::map<job::Need, std::int64_t> needs;
  for (const job::PlannedTrial& trial : plan.trials) ++needs[store::need_of(trial.spec)];
  std::map<std::string, std::int64_t> trials_by_reason;
  for (const auto& [need, trials] : needs) {
    const std::string reason = why_nobody(need, workers);
    if (!reason.empty()) trials_by_reason[reason] += trials;
  }
  std::vector<std::string> notes;
  for (const auto& [reason, trials] : trials_by_reason) {
    notes.push_back(std::to_string(trials) + (trials == 1 ? " trial waits" : " trials wait") +
                    " for a worker that can run " + (trials == 1 ? "it: " : "them: ") + reason);
  }
  return notes;
}

}  // namespace oodml::coordinator::submission
