// What people say of shares, limits and workers, and what follows for trials.
#include <spdlog/spdlog.h>

#include "coordinator/scheduling/lease_manager.h"

namespace oodml::coordinator::scheduling {

void LeaseManager::set_share(const store::OwnerShare& share) {
  Later later;
  const std::lock_guard lock(mutex_);
  accounts_.shares.set_weight(share.owner, share.weight);
  accounts_.limits.set_of_owner(share.owner, share.max_parallel);
  dispatch(later);
}

void LeaseManager::set_label_limit(const store::LabelLimit& limit, const std::vector<store::Situation>& situations) {
  Later later;
  const std::lock_guard lock(mutex_);
  if (limit.max_parallel > 0) {
    label_limits_[limit.label] = limit.max_parallel;
  } else {
    label_limits_.erase(limit.label);
  }
  accounts_.limits.set_of_label(limit.label, limit.max_parallel);
  apply_locked(situations, later);
  dispatch(later);
}

MarkView LeaseManager::set_marks(const std::vector<store::MarkRow>& marks, const std::string& about) {
  MarkView view;
  Later later;
  const std::lock_guard lock(mutex_);
  for (const store::MarkRow& mark : marks) workers_.put(mark);
  const auto running = leases_.running();
  for (const WorkerId& worker : workers_.named(about)) {
    ++view.workers;
    const auto trials = running.find(worker);
    if (!workers_.marks().is_drained(worker) || trials == running.end()) continue;
    view.trials_stopped += static_cast<std::int64_t>(trials->second.size());
  }
  dispatch(later);  // what was kept for a worker goes to others, and one that takes trials again may have some
  return view;
}

std::vector<WorkerId> LeaseManager::workers_named(const std::string& worker) {
  const std::lock_guard lock(mutex_);
  return workers_.named(worker);
}

OrderGlance LeaseManager::look_at_order(TrialId trial) {
  const std::lock_guard lock(mutex_);
  OrderGlance glance{.now = clock_.steady_now(),
                     .shares = accounts_.shares,
                     .limits = accounts_.limits,
                     .workers = workers_,
                     .groups = queue_.groups(),
                     .label_limits = label_limits_,
                     .trial = queue_.find(trial)};
  if (glance.trial) glance.own_before = queue_.before(glance.trial->charge.owner, glance.trial->turn);
  if (const auto kept = kept_.find(trial); kept != kept_.end()) glance.kept_until = kept->second;
  return glance;
}

}  // namespace oodml::coordinator::scheduling
