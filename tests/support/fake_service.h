#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/service/course_page.h"
#include "coordinator/service/leases.h"
#include "coordinator/service/metric_page.h"
#include "coordinator/service/reply.h"
#include "coordinator/service/results.h"
#include "coordinator/service/selections.h"
#include "coordinator/service/service.h"
#include "coordinator/service/sharing.h"
#include "coordinator/service/submission.h"
#include "coordinator/service/sweep_change.h"
#include "coordinator/service/sweep_detail.h"
#include "coordinator/service/sweep_settings.h"
#include "coordinator/service/sweep_text.h"
#include "coordinator/service/sweep_views.h"
#include "coordinator/service/sweeps.h"
#include "coordinator/service/token_owners.h"
#include "coordinator/service/trial_views.h"
#include "coordinator/service/upkeep.h"
#include "coordinator/service/watch_item.h"
#include "coordinator/service/worker_view.h"
#include "tests/support/fake_artifacts.h"

namespace oodml::testing {

/// A coordinator without a database: what was asked is recorded, what it answers a test sets beforehand through the
/// `on_` members. Long polls and subscriptions stay open until the test, or the server, ends them.
class FakeSweeps final : public coordinator::Sweeps {
 public:
  std::function<Result<coordinator::PlanView>(const coordinator::SweepText&, const job::DataStamps&)> on_plan;
  std::function<Result<coordinator::SubmitView>(const coordinator::SweepText&, const std::string&,
                                                const coordinator::SubmitOptions&)>
      on_submit;
  std::function<Result<coordinator::SweepPage>(const coordinator::SweepSelection&)> on_list;
  std::function<Result<coordinator::SweepDetail>(const coordinator::TrialSelection&)> on_get;
  std::function<Result<coordinator::TrialDetail>(TrialId, std::int64_t, std::int64_t)> on_get_trial;
  std::function<Result<coordinator::ChangeView>(coordinator::SweepChange, const coordinator::ChangeSelection&)>
      on_change;
  std::function<Result<coordinator::ChangeView>(const coordinator::SweepSettings&)> on_change_settings;
  std::function<Result<coordinator::ResultsTable>(const coordinator::ResultsQuery&)> on_results;
  std::function<Result<coordinator::MetricPage>(const coordinator::MetricSelection&)> on_metrics;
  std::function<Result<coordinator::CoursePage>(const coordinator::CourseQuery&)> on_courses;
  std::function<Result<std::vector<coordinator::WorkerView>>()> on_workers;
  std::function<Status(const coordinator::SweepRef&, TrialId)> on_watch;

  Result<coordinator::PlanView> plan(const coordinator::SweepText& text, const job::DataStamps& on_disk) override {
    return on_plan(text, on_disk);
  }
  void submit(const coordinator::SweepText& text, const std::string& request_id,
              const coordinator::SubmitOptions& options, coordinator::Reply<coordinator::SubmitView> reply) override {
    reply(on_submit(text, request_id, options));
  }
  Result<coordinator::SweepPage> list(const coordinator::SweepSelection& wanted) override { return on_list(wanted); }
  Result<coordinator::SweepDetail> get(const coordinator::TrialSelection& wanted) override { return on_get(wanted); }
  Result<coordinator::TrialDetail> get_trial(TrialId trial, std::int64_t after, std::int64_t most) override {
    return on_get_trial(trial, after, most);
  }
  void change(coordinator::SweepChange change, const coordinator::ChangeSelection& wanted,
              coordinator::Reply<coordinator::ChangeView> reply) override {
    reply(on_change(change, wanted));
  }
  void change_settings(const coordinator::SweepSettings& settings,
                       coordinator::Reply<coordinator::ChangeView> reply) override {
    reply(on_change_settings(settings));
  }
  Result<coordinator::ResultsTable> results(const coordinator::ResultsQuery& query) override {
    return on_results(query);
  }
  Result<coordinator::MetricPage> metrics(const coordinator::MetricSelection& wanted) override {
    return on_metrics(wanted);
  }
  Result<coordinator::CoursePage> courses(const coordinator::CourseQuery& query) override { return on_courses(query); }
  Result<std::vector<coordinator::WorkerView>> workers() override { return on_workers(); }
  std::int64_t schema_version() const override { return 3; }
  std::string database_file() const override { return "1:2"; }

  Result<std::unique_ptr<Subscription>> watch(const coordinator::SweepRef& sweep, TrialId trial,
                                              std::function<void(coordinator::WatchItem)> deliver) override {
    if (on_watch) OODML_RETURN_IF_ERROR(on_watch(sweep, trial));
    const std::lock_guard lock(mutex_);
    watchers_.emplace_back(next_, std::move(deliver));
    changed_.notify_all();
    return std::unique_ptr<Subscription>(new Watching(*this, next_++));
  }

  /// Delivers to every watcher.
  void publish(const coordinator::WatchItem& item) {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, deliver] : watchers_) deliver(item);
  }
  void wait_for_watchers(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return watchers_.size() == count; });
  }

 private:
  struct Watching final : Subscription {
    Watching(FakeSweeps& owner, int id) : owner(owner), id(id) {}
    ~Watching() override {
      const std::lock_guard lock(owner.mutex_);
      std::erase_if(owner.watchers_, [&](const auto& watcher) { return watcher.first == id; });
      owner.changed_.notify_all();
    }
    FakeSweeps& owner;
    const int id;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  int next_ = 1;                                                                       // guarded by mutex_
  std::vector<std::pair<int, std::function<void(coordinator::WatchItem)>>> watchers_;  // guarded by mutex_
};

class FakeLeases final : public coordinator::Leases {
 public:
  using AcquireReply = coordinator::Reply<std::optional<job::LeasedTrial>>;
  struct AcquireCall {
    WorkerId worker;
    std::string slot, request_id;
    Duration wait_at_most;
  };

  std::function<Result<coordinator::LeaseTerms>(const job::WorkerInfo&)> on_register;
  std::vector<job::HeldLease> held_at_register;  ///< Of the last registration.
  /// A trial or an error answers at once; nullopt leaves the poll waiting.
  std::function<Result<std::optional<job::LeasedTrial>>(const AcquireCall&)> on_acquire;
  std::function<Result<std::vector<job::Directive>>(const WorkerId&, const std::vector<job::Lease>&)> on_heartbeat;
  std::function<Result<std::int64_t>(const WorkerId&, const LeaseId&, const std::vector<job::Event>&)> on_push_events;
  std::function<Result<std::monostate>(const job::Lease&, const job::Checkpoint&)> on_commit_checkpoint;
  std::function<Result<std::monostate>(const job::Lease&, const coordinator::AttemptEnd&)> on_finish;

  void register_worker(const job::WorkerInfo& worker, const std::vector<job::HeldLease>& held,
                       coordinator::Reply<coordinator::LeaseTerms> reply) override {
    held_at_register = held;
    reply(on_register(worker));
  }

  std::shared_ptr<Pending> acquire(const WorkerId& worker, const std::string& slot, const std::string& request_id,
                                   Duration wait_at_most, AcquireReply reply) override {
    const auto poll = std::make_shared<Poll>(*this, std::move(reply));
    Result<std::optional<job::LeasedTrial>> now = std::nullopt;
    if (on_acquire) now = on_acquire({worker, slot, request_id, wait_at_most});
    if (!now.has_value() || now->has_value()) {
      poll->answer(std::move(now));
      return poll;
    }
    const std::lock_guard lock(mutex_);
    polls_.push_back(poll);
    changed_.notify_all();
    return poll;
  }

  Result<std::vector<job::Directive>> heartbeat(const WorkerId& worker,
                                                const std::vector<job::Lease>& leases) override {
    return on_heartbeat(worker, leases);
  }
  std::vector<WorkerId> left;
  void leave(const WorkerId& worker) override { left.push_back(worker); }
  void push_events(const WorkerId& worker, const LeaseId& lease, std::vector<job::Event> events,
                   coordinator::Reply<std::int64_t> reply) override {
    reply(on_push_events(worker, lease, events));
  }
  void commit_checkpoint(const job::Lease& lease, const job::Checkpoint& checkpoint,
                         coordinator::Reply<std::monostate> reply) override {
    reply(on_commit_checkpoint(lease, checkpoint));
  }
  void finish(const job::Lease& lease, coordinator::AttemptEnd end, coordinator::Reply<std::monostate> reply) override {
    reply(on_finish(lease, end));
  }

  void wait_for_polls(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return polls_.size() == count; });
  }
  /// Answers every waiting poll, as when their time is over (nullopt) or a trial fits.
  void answer_polls(const Result<std::optional<job::LeasedTrial>>& answer) {
    std::vector<std::shared_ptr<Poll>> polls;
    {
      const std::lock_guard lock(mutex_);
      polls.swap(polls_);
    }
    for (const auto& poll : polls) poll->answer(answer);
  }

 private:
  struct Poll final : Pending, std::enable_shared_from_this<Poll> {
    Poll(FakeLeases& owner, AcquireReply reply) : owner(owner), reply(std::move(reply)) {}
    void cancel() override {
      {
        const std::lock_guard lock(owner.mutex_);
        std::erase(owner.polls_, shared_from_this());
        owner.changed_.notify_all();
      }
      answer(std::nullopt);
    }
    void answer(Result<std::optional<job::LeasedTrial>> result) {
      AcquireReply once;
      {
        const std::lock_guard lock(owner.mutex_);
        std::swap(once, reply);
      }
      if (once) once(std::move(result));
    }
    FakeLeases& owner;
    AcquireReply reply;  // guarded by owner.mutex_; empty once answered
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Poll>> polls_;  // guarded by mutex_
};

/// Owners of tokens, in memory.
class FakeTokenOwners final : public coordinator::TokenOwners {
 public:
  std::map<std::string, std::string> owners;  ///< token -> worker name
  std::set<std::string> kept;                 ///< By the last keep_only.

  Status check(const std::string& token, const std::string& worker) override {
    const auto owner = owners.find(token);
    return owner == owners.end() || owner->second == worker
               ? Status()
               : Status(StatusCode::kPermissionDenied, "of " + owner->second);
  }
  void claim(const std::string& token, const std::string& worker, coordinator::Reply<std::monostate> reply) override {
    if (Status allowed = check(token, worker); !allowed.ok()) return reply(failure(std::move(allowed)));
    if (!token.empty()) owners[token] = worker;
    reply(std::monostate{});
  }
  void keep_only(const std::set<std::string>& tokens) override { kept = tokens; }
};

/// Shares and marks, as a test answers.
class FakeSharing final : public coordinator::Sharing {
 public:
  std::function<Result<coordinator::OrderView>(TrialId)> on_explain_order;
  std::function<Result<coordinator::SharesView>()> on_shares;
  std::function<Result<coordinator::SharesView>(const coordinator::ShareChange&, const std::string&)> on_set_share;
  std::function<Result<coordinator::MarkView>(const coordinator::MarkChange&, const std::string&)> on_mark_worker;
  std::function<Result<std::vector<coordinator::WaitingView>>()> on_backlog;

  Result<coordinator::OrderView> explain_order(TrialId trial) override { return on_explain_order(trial); }
  Result<coordinator::SharesView> shares() override { return on_shares(); }
  void set_share(const coordinator::ShareChange& change, const std::string& request_id,
                 coordinator::Reply<coordinator::SharesView> reply) override {
    reply(on_set_share(change, request_id));
  }
  void mark_worker(const coordinator::MarkChange& change, const std::string& request_id,
                   coordinator::Reply<coordinator::MarkView> reply) override {
    reply(on_mark_worker(change, request_id));
  }
  Result<std::vector<coordinator::WaitingView>> backlog() override { return on_backlog(); }
};

/// Archives and deletes nothing; says what the test put in.
class FakeUpkeep final : public coordinator::Upkeep {
 public:
  std::function<Result<coordinator::SnapshotPiece>(const std::string&, std::int64_t)> on_read_snapshot;
  std::function<Result<coordinator::DatabaseStats>()> on_stats;
  std::function<Result<coordinator::RemovalView>(const coordinator::RemovalWish&)> on_remove;

  Result<coordinator::SnapshotPiece> read_snapshot(const std::string& id, std::int64_t offset) override {
    return on_read_snapshot(id, offset);
  }
  Result<coordinator::DatabaseStats> stats() override { return on_stats(); }
  void remove(const coordinator::RemovalWish& wish, coordinator::Reply<coordinator::RemovalView> reply) override {
    reply(on_remove(wish));
  }
};

class FakeService final : public coordinator::Service {
 public:
  FakeSweeps& sweeps() override { return sweeps_; }
  FakeLeases& leases() override { return leases_; }
  FakeSharing& sharing() override { return sharing_; }
  FakeTokenOwners& token_owners() override { return owners_; }
  FakeArtifacts& artifacts() override { return artifacts_; }
  FakeUploads& uploads() override { return uploads_; }
  FakeScripts& scripts() override { return scripts_; }
  FakeUpkeep& upkeep() override { return upkeep_; }
  coordinator::WriterLoad writer_load() override { return load; }
  void tick() override {}

  coordinator::WriterLoad load;

 private:
  FakeSweeps sweeps_;
  FakeLeases leases_;
  FakeSharing sharing_;
  FakeTokenOwners owners_;
  FakeArtifacts artifacts_;
  FakeUploads uploads_;
  FakeScripts scripts_;
  FakeUpkeep upkeep_;
};

}  // namespace oodml::testing
