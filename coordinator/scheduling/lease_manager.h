#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "coordinator/scheduling/accounts.h"
#include "coordinator/scheduling/attempt_changes.h"
#include "coordinator/scheduling/changes.h"
#include "coordinator/scheduling/event_budget.h"
#include "coordinator/scheduling/later.h"
#include "coordinator/scheduling/lease_table.h"
#include "coordinator/scheduling/long_polls.h"
#include "coordinator/scheduling/order_glance.h"
#include "coordinator/scheduling/trial_queue.h"
#include "coordinator/scheduling/worker_table.h"
#include "coordinator/service/leases.h"
#include "coordinator/service/reply.h"
#include "coordinator/service/worker_view.h"
#include "coordinator/store/job_store.h"
#include "coordinator/store/share_table.h"

namespace oodml::coordinator::scheduling {

/// Queue, workers and leases in memory over the store. The database decides who has a trial; the memory follows each
/// commit, in order, and may be behind it: a claim of what was taken meanwhile comes back empty and the slot
/// looks again. Each source is named after what it does: lease_manager_registration, _acquire, _reports, _upkeep
/// (time), _sharing (what people say of shares and workers), _views.
class LeaseManager final : public Leases, public LiveView, public std::enable_shared_from_this<LeaseManager> {
 public:
  LeaseManager(store::JobStore& store, Clock& clock, const LeaseTerms& terms, ChangeListener& listener);

  /// Rebuilds the memory from the database; once, before anything else.
  Status recover();
  /// Takes over what a committed change of sweeps did to their trials. From the writer's thread.
  void apply(const std::vector<store::Situation>& situations);
  /// Of a submission that was committed: these trials, ascending, come to the queue with `arrive`, some at a time, so
  /// that claims pass. What `apply` says of one meanwhile is newer.
  void expect(std::vector<TrialId> trials);
  void arrive(std::vector<store::Situation> situations);
  /// The last of them came.
  void have_arrived();
  void tick();
  /// Take over what was committed, from the writer's thread: they hold from the next trial that is handed out.
  void set_share(const store::OwnerShare& share);
  /// `situations`: of the trials that carry the label.
  void set_label_limit(const store::LabelLimit& limit, const std::vector<store::Situation>& situations);
  /// Each of kNone takes a mark away. `about`: who is told in the answer.
  MarkView set_marks(const std::vector<store::MarkRow>& marks, const std::string& about);
  std::vector<WorkerId> workers_named(const std::string& worker);
  /// What order is explained from.
  OrderGlance look_at_order(TrialId trial);

  /// Answers what waits; the store's commands under way still come back.
  void stop();

  void register_worker(const job::WorkerInfo& worker, const std::vector<job::HeldLease>& held,
                       Reply<LeaseTerms> reply) override;
  std::shared_ptr<Pending> acquire(const WorkerId& worker, const std::string& slot, const std::string& request_id,
                                   Duration wait_at_most, Reply<std::optional<job::LeasedTrial>> reply) override;
  Result<std::vector<job::Directive>> heartbeat(const WorkerId& worker, const std::vector<job::Lease>& leases) override;
  void leave(const WorkerId& worker) override;
  void push_events(const WorkerId& worker, const LeaseId& lease, std::vector<job::Event> events,
                   Reply<std::int64_t> reply) override;
  void commit_checkpoint(const job::Lease& lease, const job::Checkpoint& checkpoint,
                         Reply<std::monostate> reply) override;
  void finish(const job::Lease& lease, AttemptEnd end, Reply<std::monostate> reply) override;

  void complete(std::vector<store::StoredTrialView>& trials) override;
  std::vector<WorkerView> workers() override;

 private:
  class Handle;
  /// A trial that waits after a failure.
  struct Backoff {
    Steady due{};                      ///< When it may be queued.
    std::optional<LineKey> elsewhere;  ///< Queued as soon as another worker can run it: one machine was at fault.
  };
  /// What views are made of, copied under mutex_, which heartbeats wait for: texts are made after it is let go.
  struct Glance {
    WorkerTable workers;
    std::set<SlotKey> busy;
    std::map<TrialId, std::optional<job::Progress>> progress;  ///< of running trials
    std::map<TrialId, Time> not_before;                        ///< of those in backoff, by the wall clock of now
    Limits limits;
    std::map<TrialId, store::Charge> held;  ///< of those that a limit holds
  };

  Status recover_trials();
  // Those with a Later& are called under mutex_ and leave replies and commands to it.
  void apply_locked(const std::vector<store::Situation>& situations, Later& later);
  /// Both: whether a slot that waits may find something now.
  bool account_for(const store::Situation& situation);
  void put_in_queue(const store::Situation& situation);

  // lease_manager_registration.cpp
  std::vector<job::HeldLease> unknown(const std::vector<job::HeldLease>& held);
  void take_up(const WorkerId& worker, const std::vector<job::HeldLease>& held, std::function<void(Status)> then);
  void enlist(const job::WorkerInfo& worker, const Reply<LeaseTerms>& reply);

  // lease_manager_acquire.cpp
  void dispatch(Later& later);
  bool start_claim(const std::shared_ptr<Poll>& poll, Later& later);
  bool give_back(const QueuedTrial& taken);
  std::optional<int> rank_for(const job::WorkerInfo& worker, const job::Slot& slot, const LineKey& line) const;
  void claimed(const std::shared_ptr<Poll>& poll, const QueuedTrial& taken, Result<std::optional<Claimed>> result);
  void answer_again(const LeaseId& lease, AcquireReply reply);
  void give_up(const std::shared_ptr<Poll>& poll);

  // lease_manager_reports.cpp
  job::Directive directive_for(const WorkerId& worker, const job::Lease& lease, Later& later);
  void revive(const HeldLease& held);
  Status take_room(const LeaseId& lease, std::int64_t bytes);
  void give_room_back(const LeaseId& lease, std::int64_t bytes);
  void keep_progress(const LeaseId& lease, const std::vector<job::Event>& events);
  std::int64_t steps_per_epoch(const LeaseId& lease);
  bool hears_of_end(const LeaseId& lease);

  // lease_manager_upkeep.cpp
  void tick_leases(Later& later);
  void tick_backoff(Later& later);
  void tick_kept(Later& later);
  void tick_upkeep();
  void expire(const HeldLease& held);
  void release(const std::vector<TrialId>& trials);

  // lease_manager_views.cpp
  Glance glance_at(const std::vector<store::StoredTrialView>& trials);

  store::JobStore& store_;
  Clock& clock_;
  const LeaseTerms terms_;
  ChangeListener& listener_;

  std::mutex mutex_;  // guards everything below; never held while a reply or a read of the store runs
  TrialQueue queue_;
  Accounts accounts_;
  std::map<store::Label, std::int64_t> label_limits_;
  std::vector<TrialId> expected_;          ///< ascending
  std::size_t arrived_ = 0;                ///< of expected_
  std::unordered_set<TrialId> overtaken_;  ///< those that were to come and of which something newer was heard
  std::unordered_set<TrialId> claiming_;   ///< out of the queue, on the way to the disk
  std::map<TrialId, Steady> kept_;         ///< until when a trial waits for the worker that has its checkpoint
  WorkerTable workers_;
  LeaseTable leases_;
  LongPolls polls_;
  std::map<TrialId, Backoff> backoff_;
  EventBudget events_under_way_;  ///< to the disk
  Steady next_upkeep_{};
  Steady workers_known_{};  ///< when all that live have announced themselves
  bool stopped_ = false;
};

}  // namespace oodml::coordinator::scheduling
