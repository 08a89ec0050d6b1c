// LeaseManager's slots that wait for a trial, and the claims that end their waiting.
#include <spdlog/spdlog.h>

#include "coordinator/scheduling/attempt_changes.h"
#include "coordinator/scheduling/lease_ids.h"
#include "coordinator/scheduling/lease_manager.h"
#include "core/job/limits.h"

namespace oodml::coordinator::scheduling {

class LeaseManager::Handle final : public Leases::Pending {
 public:
  Handle(std::weak_ptr<LeaseManager> manager, std::weak_ptr<Poll> poll)
      : manager_(std::move(manager)), poll_(std::move(poll)) {}
  void cancel() override {
    const auto manager = manager_.lock();
    const auto poll = poll_.lock();
    if (manager && poll) manager->give_up(poll);
  }

 private:
  std::weak_ptr<LeaseManager> manager_;
  std::weak_ptr<Poll> poll_;
};

std::shared_ptr<Leases::Pending> LeaseManager::acquire(const WorkerId& worker, const std::string& slot,
                                                       const std::string& request_id, Duration wait_at_most,
                                                       AcquireReply reply) {
  std::shared_ptr<Poll> poll;
  Later later;
  const std::lock_guard lock(mutex_);
  const auto refuse = [&](Status status) {
    later.add([reply, status = std::move(status)] { reply(failure(status)); });
    return std::make_shared<Handle>(weak_from_this(), poll);
  };
  if (stopped_) return refuse(Status(StatusCode::kUnavailable, "the coordinator is stopping"));
  if (request_id.size() > job::kMaxRequestIdBytes) {
    return refuse(Status(StatusCode::kInvalidArgument,
                         "a request id has at most " + std::to_string(job::kMaxRequestIdBytes) + " characters"));
  }
  if (Status known = workers_.heard_of(worker); !known.ok()) return refuse(std::move(known));
  // Before the slot is looked at: a worker that drains has none left, and asks a last time what it was given.
  if (const HeldLease* held = leases_.find_by_request(request_id); held && held->worker == worker) {
    later.add([this, lease = held->lease.id, reply] { answer_again(lease, reply); });
    return std::make_shared<Handle>(weak_from_this(), poll);
  }
  const Steady deadline = steady_after(clock_.steady_now(), wait_at_most);
  poll = polls_.take_over(request_id, worker, deadline, reply, later);
  if (!poll) {
    if (const auto place = workers_.find(worker, slot); !place) return refuse(place.error());
    poll = std::make_shared<Poll>(Poll{
        .worker = worker, .slot = slot, .request_id = request_id, .deadline = deadline, .reply = std::move(reply)});
    polls_.begin(poll, later);
    if (!start_claim(poll, later)) polls_.wait(poll);
  }
  return std::make_shared<Handle>(weak_from_this(), poll);
}

/// A trial that this machine could not run goes elsewhere: only when no other worker can have it does it come here
/// again, after all others. A worker that asks to find out whether its machine is whole again gets, where there is one,
/// a trial of another kind than those that failed there.
std::optional<int> LeaseManager::rank_for(const job::WorkerInfo& worker, const job::Slot& slot,
                                          const LineKey& line) const {
  constexpr int kFirst = 0, kOfAKindThatFailed = 1, kOnceMore = TrialQueue::kPatientRank;
  if (line.kept_for && *line.kept_for != worker.id && workers_.takes_trials(*line.kept_for)) return std::nullopt;
  if (!job::why_not(line.need, worker, slot).empty()) return std::nullopt;
  if (line.failed_on.contains(worker.id)) {
    const bool others = clock_.steady_now() < workers_known_ || workers_.others_can_run(line.need, line.failed_on);
    return others ? std::nullopt : std::optional(kOnceMore);
  }
  const bool probes = !worker.set_aside.empty();
  return probes && queue_.has_failed(line.need, worker.id) ? kOfAKindThatFailed : kFirst;
}

bool LeaseManager::start_claim(const std::shared_ptr<Poll>& poll, Later& later) {
  const auto place = workers_.find(poll->worker, poll->slot);
  if (stopped_ || !place) return false;
  if (workers_.marks().find(poll->worker)) return false;
  const auto& [worker, slot] = *place;
  const auto taken = queue_.take_first([&](const LineKey& line) { return rank_for(*worker, *slot, line); }, accounts_,
                                       clock_.steady_now());
  if (!taken) return false;
  poll->claiming = true;
  claiming_.insert(taken->trial);
  kept_.erase(taken->trial);
  accounts_.begin(taken->trial, taken->charge, clock_.steady_now());
  const Claim wanted{.trial = taken->trial,
                     .worker = poll->worker,
                     .slot = poll->slot,
                     .model = slot->model,
                     .request_id = poll->request_id,
                     .lease = new_lease_id(clock_.now()),
                     .probe = !worker->set_aside.empty()};
  later.add([this, poll, taken = *taken, wanted] {
    store_.write<std::optional<Claimed>>(
        [wanted, now = clock_.now()](store::Connection& database) -> Result<std::optional<Claimed>> {
          return claim(database, wanted, now);
        },
        [this, poll, taken](Result<std::optional<Claimed>> result) { claimed(poll, taken, std::move(result)); });
  });
  return true;
}

void LeaseManager::claimed(const std::shared_ptr<Poll>& poll, const QueuedTrial& taken,
                           Result<std::optional<Claimed>> result) {
  std::vector<store::Situation> changed;
  {
    Later later;
    const std::lock_guard lock(mutex_);
    poll->claiming = false;
    claiming_.erase(taken.trial);
    const bool has_room = (!result || !*result) && give_back(taken);
    if (!result) {
      QueuedTrial again = taken;
      again.line.kept_for.reset();
      queue_.put(again, clock_.steady_now());
      polls_.answer(*poll, failure(result.error()), later);
    } else if (!*result) {
      const bool due = poll->over || stopped_ || poll->deadline <= clock_.steady_now();
      if (due) {
        polls_.answer(*poll, std::nullopt, later);
      } else if (!start_claim(poll, later)) {
        polls_.wait(poll);
      }
    } else {
      Claimed& got = **result;
      got.trial.term = terms_.lease;
      leases_.add({.lease = got.trial.lease,
                   .worker = poll->worker,
                   .slot = poll->slot,
                   .request_id = poll->request_id,
                   .wish = got.situation.wish,
                   .lets_run = got.situation.lets_run,
                   .deadline = clock_.steady_now() + terms_.lease});
      apply_locked({got.situation}, later);
      changed.push_back(got.situation);
      polls_.answer(*poll, std::move(got.trial), later);
    }
    if (has_room) dispatch(later);
  }
  if (changed.empty()) return;
  listener_.lease_granted();
  listener_.trials_changed(changed);
}

/// A trial was not claimed: it does not run on this account, unless it runs by a lease of before. Whether a limit has
/// room now.
bool LeaseManager::give_back(const QueuedTrial& taken) {
  return !leases_.find_by_trial(taken.trial) && accounts_.end(taken.trial, clock_.steady_now());
}

/// The lease of a lost reply, while it lives. Read on the writer's thread: the caller's has heartbeats to answer and
/// may not wait until a reader is free.
void LeaseManager::answer_again(const LeaseId& lease, AcquireReply reply) {
  store_.write<std::optional<job::LeasedTrial>>(
      [lease](store::Connection& database) -> Result<std::optional<job::LeasedTrial>> {
        const auto attempt = store::find_attempt(database, lease);
        if (!attempt || attempt->outcome) return std::nullopt;
        return leased_trial(database, *attempt);
      },
      [term = terms_.lease, reply = std::move(reply)](Result<std::optional<job::LeasedTrial>> found) {
        if (found && *found) (*found)->term = term;
        reply(std::move(found));
      });
}

void LeaseManager::dispatch(Later& later) {
  polls_.offer([&] { return queue_.has_free(accounts_.limits); },
               [&](const std::shared_ptr<Poll>& poll) { return start_claim(poll, later); });
}

void LeaseManager::give_up(const std::shared_ptr<Poll>& poll) {
  Later later;
  const std::lock_guard lock(mutex_);
  polls_.give_up(poll, later);
}

}  // namespace oodml::coordinator::scheduling
