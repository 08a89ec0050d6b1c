#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "tests/worker/file_shelf.h"
#include "worker/coordinator_client.h"

namespace oodml::testing {

/// A coordinator in memory that keeps the promises of coordinator/leases.h, and breaks the network on request.
class FakeCoordinator final : public worker::CoordinatorClient {
 public:
  struct Ended {
    job::Outcome outcome;
    std::string message;
    std::int64_t last_sequence = 0;
    int times = 0;  ///< Committed, not repeated.
  };

  // What a test does.
  void queue(job::LeasedTrial trial) {
    change([&] { queue_.push_back(std::move(trial)); });
  }
  void set_away(bool away) {
    change([&] { away_ = away; });
  }
  /// The next `count` calls of that name take effect, but their replies are lost.
  void lose_replies(const std::string& call, int count = 1) {
    change([&] { lost_[call] += count; });
  }
  void refuse(StatusCode code) {
    change([&] { refusal_ = code; });
  }
  /// Calls of that name come and get no answer until they may.
  void hold(const std::string& call, bool held = true) {
    change([&] { held ? void(held_.insert(call)) : void(held_.erase(call)); });
  }
  void direct(const job::Lease& lease, job::Directive directive) {
    change([&] { directives_[lease.id] = directive; });
  }
  void overtake(const job::Lease& lease) {
    change([&] { overtaken_.insert(lease.id); });
  }
  /// As if its database had been restored from a backup: it has only the first events of the attempt.
  void restore(const job::Lease& lease, std::size_t events) {
    change([&] {
      if (events_[lease.id].size() > events) events_[lease.id].resize(events);
      ended_.erase(lease.id);
      known_ = false;
    });
  }
  /// From a backup that is older than the lease.
  void forget(const job::Lease& lease) {
    restore(lease, 0);
    change([&] { forgotten_.insert(lease.id); });
  }
  /// Pushes of events are answered with this; nullopt: no more.
  void refuse_events(std::optional<StatusCode> code) {
    change([&] { push_refusal_ = code; });
  }
  /// As a coordinator of before, which reads only what it knows of an end.
  void refuse_events_of_ends() {
    change([&] { takes_events_of_ends_ = false; });
  }
  void forget_worker() {
    change([&] { known_ = false; });
  }

  // What a test looks at.
  std::optional<Ended> ended(const job::Lease& lease) const {
    const std::lock_guard lock(mutex_);
    const auto found = ended_.find(lease.id);
    return found == ended_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<job::Event> events(const job::Lease& lease) const {
    const std::lock_guard lock(mutex_);
    const auto found = events_.find(lease.id);
    return found == events_.end() ? std::vector<job::Event>() : found->second;
  }
  int calls(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(name);
    return found == calls_.end() ? 0 : found->second;
  }
  std::vector<job::Checkpoint> checkpoints() const {
    const std::lock_guard lock(mutex_);
    return checkpoints_;
  }
  job::WorkerInfo worker() const {
    const std::lock_guard lock(mutex_);
    return worker_;
  }
  std::vector<job::Lease> last_heartbeat() const {
    const std::lock_guard lock(mutex_);
    return last_heartbeat_;
  }
  /// What a test does with the files that it has, or looks at them.
  template <typename Use>
  auto with_files(Use use) {
    const std::lock_guard lock(mutex_);
    return use(files_);
  }
  /// Waits a moment for any call or change.
  void wait_briefly() const {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(2));
  }

  // What the worker calls.
  Result<worker::Terms> register_worker(const job::WorkerInfo& info, const std::vector<job::HeldLease>& held) override {
    return answer<worker::Terms>("register", [&]() -> Result<worker::Terms> {
      for (const job::HeldLease& lease : held) forgotten_.erase(lease.lease.id);
      worker_ = info;
      known_ = true;
      return worker::Terms{std::chrono::seconds(12), std::chrono::seconds(1)};
    });
  }

  Result<std::optional<job::LeasedTrial>> acquire(const std::string& slot, const std::string& request_id,
                                                  Duration wait) override {
    using Answer = std::optional<job::LeasedTrial>;
    {
      std::unique_lock lock(mutex_);
      const auto nothing_to_say = [&] {
        return queue_.empty() && !claims_.contains(request_id) && !stopped_ && !away_ && !refusal_;
      };
      if (wait > Duration(0)) changed_.wait(lock, [&] { return !nothing_to_say(); });
      if (stopped_ && wait > Duration(0)) return failure(StatusCode::kCancelled, "stopped waiting");
    }
    return answer<Answer>("acquire", [&]() -> Result<Answer> {
      if (!known_) return not_found("worker");
      return give(worker::NextTrial{slot, request_id});
    });
  }

  void stop_waiting() override {
    change([&] { stopped_ = true; });
  }

  Result<std::vector<job::Directive>> heartbeat(const std::vector<job::Lease>& leases) override {
    using Answer = std::vector<job::Directive>;
    return answer<Answer>("heartbeat", [&]() -> Result<Answer> {
      if (!known_) return not_found("worker");
      last_heartbeat_ = leases;
      Answer directives;
      for (const job::Lease& lease : leases) {
        const auto found = directives_.find(lease.id);
        directives.push_back(overtaken_.contains(lease.id) ? job::Directive::kFenced
                             : found == directives_.end()  ? job::Directive::kContinue
                                                           : found->second);
      }
      return directives;
    });
  }

  Status leave() override {
    return detail::status_of(answer<bool>("leave", [&]() -> Result<bool> {
      known_ = false;
      return true;
    }));
  }

  Result<std::int64_t> push_events(const job::Lease& lease, const std::vector<job::Event>& batch) override {
    return answer<std::int64_t>("push", [&]() -> Result<std::int64_t> {
      if (!known_) return not_found("worker");
      OODML_RETURN_IF_ERROR(check(lease));
      if (push_refusal_ && !batch.empty()) return failure(*push_refusal_, "refused");
      OODML_RETURN_IF_ERROR(append(lease, batch));
      return static_cast<std::int64_t>(events_[lease.id].size());
    });
  }

  Status commit_checkpoint(const job::Lease& lease, const job::Checkpoint& checkpoint) override {
    return detail::status_of(answer<bool>("checkpoint", [&]() -> Result<bool> {
      OODML_RETURN_IF_ERROR(check(lease));
      if (ended_.contains(lease.id)) return failure(StatusCode::kAborted, "the attempt is over");
      checkpoints_.push_back(checkpoint);
      return true;
    }));
  }

  Result<std::optional<job::LeasedTrial>> finish(const job::Lease& lease, const worker::EndReport& end,
                                                 const std::optional<worker::NextTrial>& next) override {
    using Answer = std::optional<job::LeasedTrial>;
    return answer<Answer>("finish", [&]() -> Result<Answer> {
      OODML_RETURN_IF_ERROR(check(lease));
      if (finish_requests_.contains(end.request_id)) return give(next);
      if (push_refusal_ && !end.events.empty()) return failure(*push_refusal_, "refused");
      if (takes_events_of_ends_) OODML_RETURN_IF_ERROR(append(lease, end.events));
      if (static_cast<std::int64_t>(events_[lease.id].size()) < end.last_sequence)
        return failed_precondition("events are missing");
      finish_requests_.insert(end.request_id);
      if (end.printed_nothing) files_.append(lease.id, 0, "", true);
      Ended& ended = ended_[lease.id];
      ended = {end.outcome, end.message, end.last_sequence, ended.times + 1};
      return give(next);
    });
  }

  Result<worker::ContentState> offer_content(const job::Lease& lease, const std::string& sha256,
                                             std::int64_t bytes) override {
    return of_files<worker::ContentState>("offer", lease, [&] { return files_.offer(sha256, bytes); });
  }
  Result<worker::ContentState> put_chunk(const job::Lease& lease, const worker::ContentChunk& chunk) override {
    return of_files<worker::ContentState>("put", lease, [&] { return files_.put(chunk); });
  }
  Status publish_files(const job::Lease& lease, const std::vector<job::StoredFile>& files) override {
    return detail::status_of(of_files<bool>("publish", lease, [&] { return files_.publish(lease.id, files); }));
  }
  Result<std::int64_t> append_output(const job::Lease& lease, std::int64_t offset, std::string_view data,
                                     bool over) override {
    return of_files<std::int64_t>("output", lease, [&] { return files_.append(lease.id, offset, data, over); });
  }
  Result<std::string> take_chunk(const job::Lease& lease, const std::string& sha256, std::int64_t offset) override {
    return of_files<std::string>("take", lease, [&] { return files_.take(sha256, offset); });
  }

 private:
  template <typename Answer, typename Call>
  Result<Answer> of_files(const std::string& name, const job::Lease& lease, Call call) {
    return answer<Answer>(name, [&]() -> Result<Answer> {
      OODML_RETURN_IF_ERROR(check(lease));
      return call();
    });
  }

  std::optional<job::LeasedTrial> give(const std::optional<worker::NextTrial>& wanted) {
    if (!wanted) return std::nullopt;
    if (const auto old = claims_.find(wanted->request_id); old != claims_.end()) return old->second;
    if (queue_.empty()) return std::nullopt;
    job::LeasedTrial trial = queue_.front();
    queue_.pop_front();
    claims_.emplace(wanted->request_id, trial);
    slots_.insert(wanted->slot);
    return trial;
  }

  Status append(const job::Lease& lease, const std::vector<job::Event>& batch) {
    auto& list = events_[lease.id];
    for (const job::Event& event : batch) {
      const auto have = static_cast<std::int64_t>(list.size());
      if (event.sequence > have + 1) return failed_precondition("a sequence is missing");
      if (event.sequence == have + 1) list.push_back(event);
    }
    return {};
  }

  Status check(const job::Lease& lease) const {
    if (overtaken_.contains(lease.id)) return {StatusCode::kAborted, "overtaken"};
    if (forgotten_.contains(lease.id)) return {StatusCode::kAborted, "this coordinator never gave such a lease"};
    return {};
  }

  template <typename Change>
  void change(Change make) {
    const std::lock_guard lock(mutex_);
    make();
    changed_.notify_all();
  }

  template <typename Answer, typename Call>
  Result<Answer> answer(const std::string& name, Call call) {
    std::unique_lock lock(mutex_);
    ++calls_[name];
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_.contains(name); });
    if (away_) return unavailable("nobody is there");
    if (refusal_) return failure(*refusal_, "refused");
    Result<Answer> result = call();
    if (lost_[name] > 0) {
      --lost_[name];
      return unavailable("the reply was lost");
    }
    return result;
  }

  mutable std::mutex mutex_;  // guards all below
  mutable std::condition_variable changed_;
  bool known_ = false, away_ = false, stopped_ = false, takes_events_of_ends_ = true;
  std::optional<StatusCode> refusal_;
  std::deque<job::LeasedTrial> queue_;
  std::map<std::string, job::LeasedTrial> claims_;
  std::map<std::string, int> lost_, calls_;
  std::set<std::string> held_;
  std::map<LeaseId, job::Directive> directives_;
  std::set<LeaseId> overtaken_, forgotten_;
  std::optional<StatusCode> push_refusal_;
  std::set<std::string> finish_requests_, slots_;
  std::map<LeaseId, Ended> ended_;
  std::map<LeaseId, std::vector<job::Event>> events_;
  std::vector<job::Checkpoint> checkpoints_;
  std::vector<job::Lease> last_heartbeat_;
  job::WorkerInfo worker_;
  FileShelf files_;
};

}  // namespace oodml::testing
