#include "coordinator/scheduling/lease_manager.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "coordinator/scheduling/attempt_changes.h"
#include "coordinator/store/request_table.h"

namespace oodml::coordinator::scheduling {
namespace {

constexpr Duration kUpkeepEvery = std::chrono::hours(1);
constexpr Duration kKeepRequests = std::chrono::hours(24 * 7);
constexpr Duration kTryAgainAfter = std::chrono::seconds(5);  // a change by time that the disk refused
constexpr std::size_t kMostEvents = 20'000;

Steady steady_after(Steady now, Duration wait) { return now + std::max(wait, Duration(0)); }

/// The situation alone; what the heads of the functions below ask the store for.
using Change = std::function<Result<store::Situation>(store::Connection&)>;

}  // namespace

/// A slot that waits for a trial.
struct LeaseManager::Poll {
  WorkerId worker;
  std::string slot;
  std::string request_id;
  Steady deadline;
  AcquireReply reply;
  bool claiming = false;  ///< a claim is on the way to the disk
  bool over = false;      ///< answered, or to be answered with nothing once the claim came back empty
};

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

/// What is to be done after mutex_ is let go: declared before the lock, it runs when the function leaves.
class LeaseManager::Later {
 public:
  ~Later() {
    for (const auto& task : tasks_) task();
  }
  void add(std::function<void()> task) { tasks_.push_back(std::move(task)); }

 private:
  std::vector<std::function<void()>> tasks_;
};

LeaseManager::LeaseManager(store::JobStore& store, Clock& clock, const LeaseTerms& terms, ChangeListener& listener)
    : store_(store), clock_(clock), terms_(terms), listener_(listener), workers_(clock, terms.lease) {}

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
    leases_.add({.lease = attempt.lease, .worker = attempt.worker, .slot = attempt.slot,
                 .request_id = attempt.request_id, .deadline = deadline});
    if (attempt.outcome) leases_.lose(attempt.lease.id);
  }
  apply_locked(memory.situations, later);
  next_upkeep_ = clock_.steady_now();
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
      queue_.put({.trial = situation.trial, .need = situation.need, .turn = situation.turn});
      added = true;
      continue;
    }
    queue_.erase(situation.trial);
    if (situation.state == job::TrialState::kBackoff) {
      const Duration wait = situation.not_before.value_or(clock_.now()) - clock_.now();
      backoff_[situation.trial] = steady_after(clock_.steady_now(), wait);
    }
  }
  if (added) dispatch(later);
}

void LeaseManager::register_worker(const job::WorkerInfo& worker, Reply<LeaseTerms> reply) {
  Status status;
  {
    Later later;
    const std::lock_guard lock(mutex_);
    status = workers_.put(worker);
    if (status.ok()) dispatch(later);
  }
  if (!status.ok()) return reply(failure(std::move(status)));
  spdlog::info("worker registered id={} host={} slots={}", worker.id.value, worker.host, worker.slots.size());
  reply(terms_);
}

// Long polls ---------------------------------------------------------------------------------------------------------

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
  if (request_id.size() > store::kLongestRequestId) {
    return refuse(Status(StatusCode::kInvalidArgument, "a request id has at most " +
                                                           std::to_string(store::kLongestRequestId) + " characters"));
  }
  if (const auto place = workers_.find(worker, slot); !place) return refuse(place.error());
  if (Status known = workers_.heard_of(worker); !known.ok()) return refuse(std::move(known));
  if (const HeldLease* held = leases_.find_by_request(request_id); held && held->worker == worker) {
    later.add([this, held = *held, reply] { answer_again(held, reply); });
    return std::make_shared<Handle>(weak_from_this(), poll);
  }
  const Steady deadline = steady_after(clock_.steady_now(), wait_at_most);
  if (!take_over(request_id, worker, deadline, reply, poll, later)) {
    poll = std::make_shared<Poll>(Poll{.worker = worker, .slot = slot, .request_id = request_id, .deadline = deadline,
                                       .reply = std::move(reply)});
    park(poll, later);
  }
  return std::make_shared<Handle>(weak_from_this(), poll);
}

/// A poll that is asked again with its request id goes on with the new reply; the old one is answered empty.
bool LeaseManager::take_over(const std::string& request_id, const WorkerId& worker, Steady deadline,
                             AcquireReply& reply, std::shared_ptr<Poll>& poll, Later& later) {
  const auto found = request_id.empty() ? poll_by_request_.end() : poll_by_request_.find(request_id);
  if (found == poll_by_request_.end() || found->second->worker != worker) return false;
  poll = found->second;
  later.add([old = std::exchange(poll->reply, std::move(reply))] { old(std::nullopt); });
  poll->deadline = deadline;
  poll->over = false;
  return true;
}

void LeaseManager::park(const std::shared_ptr<Poll>& poll, Later& later) {
  // A slot asks once at a time: an older question comes from before the worker's restart.
  const auto older = std::find_if(parked_.begin(), parked_.end(), [&](const auto& other) {
    return other->worker == poll->worker && other->slot == poll->slot;
  });
  if (older != parked_.end()) {
    const std::shared_ptr<Poll> superseded = *older;
    unpark(superseded);
    answer(*superseded, std::nullopt, later);
  }
  if (!poll->request_id.empty()) poll_by_request_[poll->request_id] = poll;
  if (!start_claim(poll, later)) parked_.push_back(poll);
}

bool LeaseManager::start_claim(const std::shared_ptr<Poll>& poll, Later& later) {
  const auto place = workers_.find(poll->worker, poll->slot);
  if (stopped_ || !place) return false;
  const auto taken = queue_.take_first(
      [&](const job::TrialSpec& spec) { return job::why_not(spec, *place->first, *place->second).empty(); });
  if (!taken) return false;
  poll->claiming = true;
  const Claim wanted{.trial = taken->trial, .worker = poll->worker, .slot = poll->slot,
                     .request_id = poll->request_id, .lease = {random_hex_128()}};
  later.add([this, poll, taken = *taken, wanted] {
    store_.write<std::optional<Claimed>>(
        [wanted, now = clock_.now()](store::Connection& database) -> Result<std::optional<Claimed>> {
          auto trial = claim(database, wanted, now);
          if (!trial) return std::nullopt;
          return Claimed{.trial = *std::move(trial), .situation = store::situation_of(database, wanted.trial)};
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
    if (!result) {
      if (!queue_.contains(taken.trial)) queue_.put(taken);
      answer(*poll, failure(result.error()), later);
    } else if (!*result) {
      const bool due = poll->over || stopped_ || poll->deadline <= clock_.steady_now();
      if (due) {
        answer(*poll, std::nullopt, later);
      } else if (!start_claim(poll, later)) {
        parked_.push_back(poll);
      }
    } else {
      Claimed& got = **result;
      got.trial.term = terms_.lease;
      leases_.add({.lease = got.trial.lease, .worker = poll->worker, .slot = poll->slot,
                   .request_id = poll->request_id, .wish = got.situation.wish,
                   .deadline = clock_.steady_now() + terms_.lease});
      apply_locked({got.situation}, later);
      changed.push_back(got.situation);
      answer(*poll, std::move(got.trial), later);
    }
  }
  if (!changed.empty()) listener_.trials_changed(changed);
}

/// The lease of a lost reply, while it lives.
void LeaseManager::answer_again(const HeldLease& held, const AcquireReply& reply) {
  auto found = store_.read([&](store::Connection& database) -> Result<std::optional<job::LeasedTrial>> {
    const auto attempt = store::find_attempt(database, held.lease.id);
    if (!attempt || attempt->outcome) return std::nullopt;
    return leased_trial(database, *attempt);
  });
  if (found && *found) (*found)->term = terms_.lease;
  reply(std::move(found));
}

void LeaseManager::dispatch(Later& later) {
  for (auto poll = parked_.begin(); poll != parked_.end() && queue_.size() > 0;) {
    poll = start_claim(*poll, later) ? parked_.erase(poll) : std::next(poll);
  }
}

void LeaseManager::answer(Poll& poll, Result<std::optional<job::LeasedTrial>> result, Later& later) {
  poll.over = true;
  if (const auto known = poll_by_request_.find(poll.request_id);
      known != poll_by_request_.end() && known->second.get() == &poll) {
    poll_by_request_.erase(known);
  }
  later.add([reply = std::exchange(poll.reply, nullptr), result = std::move(result)]() mutable {
    if (reply) reply(std::move(result));
  });
}

void LeaseManager::unpark(const std::shared_ptr<Poll>& poll) { parked_.remove(poll); }

void LeaseManager::give_up(const std::shared_ptr<Poll>& poll) {
  Later later;
  const std::lock_guard lock(mutex_);
  if (poll->over) return;
  poll->over = true;
  if (poll->claiming) return;
  unpark(poll);
  answer(*poll, std::nullopt, later);
}

// Leases -------------------------------------------------------------------------------------------------------------

Result<std::vector<job::Directive>> LeaseManager::heartbeat(const WorkerId& worker,
                                                            const std::vector<job::Lease>& leases) {
  Later later;
  const std::lock_guard lock(mutex_);
  OODML_RETURN_IF_ERROR(workers_.heard_of(worker));
  std::vector<job::Directive> directives;
  for (const job::Lease& lease : leases) directives.push_back(directive_for(worker, lease, later));
  return directives;
}

job::Directive LeaseManager::directive_for(const WorkerId& worker, const job::Lease& lease, Later& later) {
  if (HeldLease* held = leases_.find(lease.id); held && held->lease == lease && held->worker == worker) {
    held->deadline = clock_.steady_now() + terms_.lease;
    switch (held->wish) {
      case store::Wish::kCancel: return job::Directive::kCancel;
      case store::Wish::kPause: return job::Directive::kStop;
      case store::Wish::kRun: return job::Directive::kContinue;
    }
  }
  HeldLease* lost = leases_.find_lost(lease.id);
  if (!lost || lost->lease != lease || lost->worker != worker || stopped_) return job::Directive::kFenced;
  if (!std::exchange(lost->changing, true)) later.add([this, held = *lost] { revive(held); });
  return job::Directive::kContinue;
}

/// A worker that was cut off past its lease goes on with its trial when nobody else has begun it.
void LeaseManager::revive(const HeldLease& held) {
  const Change change = [lease = held.lease, now = clock_.now()](store::Connection& database) {
    return scheduling::revive(database, lease, now);
  };
  store_.write<store::Situation>(change, [this, held](Result<store::Situation> result) {
    {
      Later later;
      const std::lock_guard lock(mutex_);
      if (result) {
        HeldLease back = held;
        back.changing = false;
        back.wish = result->wish;
        back.deadline = clock_.steady_now() + terms_.lease;
        leases_.add(std::move(back));
        apply_locked({*result}, later);
      } else if (result.error().code() == StatusCode::kAborted) {
        leases_.erase_lost(held.lease.id);
      } else if (HeldLease* lost = leases_.find_lost(held.lease.id)) {
        lost->changing = false;
      }
    }
    if (!result) return;
    spdlog::info("lease revived trial={} attempt={} worker={}", held.lease.trial.value, held.lease.attempt,
                 held.worker.value);
    listener_.trials_changed({*result});
  });
}

void LeaseManager::push_events(const WorkerId& worker, const LeaseId& lease, std::vector<job::Event> events,
                               Reply<std::int64_t> reply) {
  if (events.size() > kMostEvents) {
    return reply(invalid_argument(std::to_string(events.size()) + " events in one call; at most " +
                                  std::to_string(kMostEvents) + " are accepted"));
  }
  {
    const std::lock_guard lock(mutex_);
    if (!workers_.heard_of(worker).ok()) spdlog::debug("events of worker {} before it registered", worker.value);
  }
  const auto shared = std::make_shared<std::vector<job::Event>>(std::move(events));
  store_.write<Appended>(
      [lease, shared](store::Connection& database) { return append(database, lease, *shared); },
      [this, lease, shared, reply = std::move(reply)](Result<Appended> appended) {
        if (!appended) return reply(failure(appended.error()));
        std::erase_if(*shared, [&](const job::Event& event) { return event.sequence <= appended->before; });
        keep_progress(lease, *shared);
        if (!shared->empty()) listener_.events_stored(std::move(*shared));
        reply(appended->durable);
      });
}

void LeaseManager::keep_progress(const LeaseId& lease, const std::vector<job::Event>& events) {
  const std::lock_guard lock(mutex_);
  HeldLease* held = leases_.find(lease);
  for (const job::Event& event : events) {
    const auto* progress = std::get_if<job::Progress>(&event.body);
    if (held && progress) held->progress = *progress;
  }
}

void LeaseManager::commit_checkpoint(const job::Lease& lease, const job::Checkpoint& checkpoint,
                                     Reply<std::monostate> reply) {
  store_.write<std::monostate>(
      [lease, checkpoint](store::Connection& database) -> Result<std::monostate> {
        OODML_RETURN_IF_ERROR(keep_checkpoint(database, lease, checkpoint));
        return std::monostate{};
      },
      std::move(reply));
}

void LeaseManager::finish(const job::Lease& lease, const std::string& request_id, job::Outcome outcome,
                          const std::string& message, std::int64_t last_sequence, Reply<std::monostate> reply) {
  const Finished end{.outcome = outcome, .message = message, .last_sequence = last_sequence, .request_id = request_id};
  const Change change = [lease, end, now = clock_.now()](store::Connection& database) {
    return scheduling::finish(database, lease, end, now);
  };
  store_.write<store::Situation>(change, [this, lease, outcome, reply = std::move(reply)](Result<store::Situation> result) {
    if (!result) return reply(failure(result.error()));
    apply({*result});
    spdlog::info("attempt ended trial={} attempt={} outcome={} trial_state={}", lease.trial.value, lease.attempt,
                 job::to_text(outcome), job::to_text(result->state));
    reply(std::monostate{});
  });
}

// Time ---------------------------------------------------------------------------------------------------------------

void LeaseManager::tick() {
  Later later;
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  tick_polls(later);
  tick_leases(later);
  tick_backoff(later);
  tick_upkeep(later);
}

void LeaseManager::tick_polls(Later& later) {
  const Steady now = clock_.steady_now();
  for (auto poll = parked_.begin(); poll != parked_.end();) {
    if ((*poll)->deadline > now) {
      ++poll;
      continue;
    }
    answer(**poll, std::nullopt, later);
    poll = parked_.erase(poll);
  }
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
  store_.write<store::Situation>(change, [this, held](Result<store::Situation> result) {
    {
      Later later;
      const std::lock_guard lock(mutex_);
      if (result) {
        leases_.lose(held.lease.id);
        apply_locked({*result}, later);
      } else if (HeldLease* still = leases_.find(held.lease.id)) {
        still->changing = false;
        still->deadline = std::max(still->deadline, clock_.steady_now() + kTryAgainAfter);
      }
    }
    if (!result) return;
    spdlog::warn("lease expired trial={} attempt={} worker={} trial_state={}", held.lease.trial.value,
                 held.lease.attempt, held.worker.value, job::to_text(result->state));
    listener_.trials_changed({*result});
  });
}

void LeaseManager::tick_backoff(Later& later) {
  const Steady now = clock_.steady_now();
  std::vector<TrialId> due;
  for (const auto& [trial, when] : backoff_) {
    if (when <= now) due.push_back(trial);
  }
  if (due.empty()) return;
  for (const TrialId trial : due) backoff_.erase(trial);
  later.add([this, due = std::move(due)] { release(due); });
}

void LeaseManager::release(const std::vector<TrialId>& trials) {
  using Situations = std::vector<store::Situation>;
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
        for (const TrialId trial : trials) backoff_.try_emplace(trial, clock_.steady_now() + kTryAgainAfter);
      });
}

void LeaseManager::tick_upkeep(Later& later) {
  if (clock_.steady_now() < next_upkeep_) return;
  next_upkeep_ = clock_.steady_now() + kUpkeepEvery;
  workers_.forget_old();
  later.add([this] {
    store_.write<std::monostate>(
        [older = clock_.now() - kKeepRequests](store::Connection& database) -> Result<std::monostate> {
          store::prune_requests(database, older);
          return std::monostate{};
        },
        [](Result<std::monostate> result) {
          if (!result) spdlog::warn("old request ids stay for now: {}", result.error().message());
        });
  });
}

void LeaseManager::stop() {
  Later later;
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (const auto& poll : parked_) answer(*poll, std::nullopt, later);
  parked_.clear();
}

// What people are shown ----------------------------------------------------------------------------------------------

void LeaseManager::complete(std::vector<store::StoredTrialView>& trials) {
  const std::lock_guard lock(mutex_);
  const std::set<SlotKey> busy = leases_.busy_slots();
  std::map<store::Need, std::string> waiting;
  for (store::StoredTrialView& stored : trials) {
    TrialView& view = stored.view;
    if (view.state == job::TrialState::kQueued) {
      const auto [text, fresh] = waiting.try_emplace(stored.need);
      if (fresh) text->second = workers_.waiting_for(stored.need, busy);
      view.waiting_for = text->second;
    } else if (view.state == job::TrialState::kBackoff) {
      view.waiting_for = "backoff until " + to_iso8601(view.not_before.value_or(clock_.now()));
    } else if (view.state == job::TrialState::kPaused) {
      view.waiting_for = "paused";
    } else if (const HeldLease* held = leases_.find_by_trial(view.id)) {
      view.progress = held->progress;
    }
  }
}

std::vector<WorkerView> LeaseManager::workers() {
  const std::lock_guard lock(mutex_);
  const auto running = leases_.running();
  std::vector<WorkerView> views = workers_.views();
  for (WorkerView& view : views) {
    if (const auto trials = running.find(view.info.id); trials != running.end()) view.running = trials->second;
  }
  return views;
}

}  // namespace oodml::coordinator::scheduling
