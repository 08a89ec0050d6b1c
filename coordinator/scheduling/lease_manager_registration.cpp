// Workers that come and go, and the leases that they bring.
#include <spdlog/spdlog.h>

#include "coordinator/scheduling/attempt_changes.h"
#include "coordinator/scheduling/lease_manager.h"

namespace oodml::coordinator::scheduling {

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
    if (status.ok() && !worker.set_aside.empty()) polls_.send_away(worker.id, later);
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
    polls_.send_away(worker, later);
    dispatch(later);  // what was kept for it goes to others
  }
  spdlog::info("worker left id={}", worker.value);
}

std::vector<job::HeldLease> LeaseManager::unknown(const std::vector<job::HeldLease>& held) {
  std::vector<job::HeldLease> strange;
  const std::lock_guard lock(mutex_);
  for (const job::HeldLease& lease : held) {
    if (!leases_.find(lease.lease.id) && !leases_.find_lost(lease.lease.id)) strange.push_back(lease);
  }
  return strange;
}

/// Leases that the memory does not know: over, or given by a later state of the database than this one.
void LeaseManager::take_up(const WorkerId& worker, const std::vector<job::HeldLease>& held,
                           std::function<void(Status)> then) {
  using TakenUp = std::vector<std::pair<job::HeldLease, store::Situation>>;
  store_.write<TakenUp>(
      [worker, held, now = clock_.now()](store::Connection& database) -> Result<TakenUp> {
        TakenUp taken;
        for (const job::HeldLease& lease : held) {
          if (const auto situation = scheduling::take_up(database, worker, lease, now))
            taken.emplace_back(lease, *situation);
        }
        return taken;
      },
      [this, worker, then = std::move(then)](Result<TakenUp> taken) {
        if (!taken) return then(taken.error());
        std::vector<store::Situation> situations;
        {
          Later later;
          const std::lock_guard lock(mutex_);
          for (const auto& [held, situation] : *taken) {
            leases_.add({.lease = held.lease,
                         .worker = worker,
                         .slot = held.slot,
                         .request_id = "",
                         .wish = situation.wish,
                         .deadline = clock_.steady_now() + terms_.lease,
                         .progress = {}});
            situations.push_back(situation);
          }
          apply_locked(situations, later);
        }
        for (const auto& [held, situation] : *taken) {
          spdlog::warn(
              "a lease that this database does not know was taken up, it is older than the lease: was it restored "
              "from a backup? trial={} attempt={} worker={}",
              held.lease.trial.value, held.lease.attempt, worker.value);
        }
        if (!situations.empty()) listener_.trials_changed(situations);
        then({});
      });
}

}  // namespace oodml::coordinator::scheduling
