#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "worker/event_spool.h"
#include "worker/exit_classifier.h"
#include "worker/open_list.h"
#include "worker/run_directory.h"
#include "worker/upload.h"

namespace oodml::worker {

/// One leased attempt as the worker's threads share it: its slot runs the child and fills the spool, the courier
/// empties the spool, the heartbeat renews the lease and brings directives.
class Attempt {
 public:
  explicit Attempt(std::unique_ptr<EventSpool> spool) : spool_(std::move(spool)) {}

  const job::Lease& lease() const { return spool_->lease(); }
  EventSpool& spool() { return *spool_; }
  const EventSpool& spool() const { return *spool_; }

  /// The child has to end; the strongest reason stays.
  void request_stop(StopReason reason) {
    StopReason current = stop_.load();
    while (current < reason && !stop_.compare_exchange_weak(current, reason)) {
    }
  }
  StopReason stop() const { return stop_.load(); }

  /// The coordinator has the outcome, or will not take it; nothing is left to do.
  void close() {
    spool_->remove();
    closed_.store(true);
  }
  bool closed() const { return closed_.load(); }

  void set_directory(RunDirectory directory) {
    const std::lock_guard lock(mutex_);
    directory_ = std::move(directory);
  }
  std::optional<RunDirectory> directory() const {
    const std::lock_guard lock(mutex_);
    return directory_;
  }

  /// What becomes of its files; none: they stay here.
  void set_upload(std::shared_ptr<Upload> upload) {
    const std::lock_guard lock(mutex_);
    upload_ = std::move(upload);
  }
  std::shared_ptr<Upload> upload() const {
    const std::lock_guard lock(mutex_);
    return upload_;
  }

  /// The child wrote a checkpoint.
  void note_checkpoint() { checkpointed_.store(true); }
  /// True once, after the first checkpoint.
  bool take_first_checkpoint() { return checkpointed_.load() && !told_of_checkpoint_.exchange(true); }

  /// Who tells the coordinator of it, the courier or its slot, one at a time. False: somebody does.
  bool take_turn() { return !in_turn_.exchange(true); }
  void end_turn() { in_turn_.store(false); }
  bool in_turn() const { return in_turn_.load(); }

  /// How the telling stands; only whose turn it is looks at it.
  struct Delivery {
    std::optional<job::Checkpoint>
        uncommitted;          ///< The newest whose event is durable there and which is not committed.
    SteadyTime not_before{};  ///< Of the next try.
    std::string refusal;      ///< Why the last one failed for a reason that may last.
    /// Its events will never all be there: this is told instead of its outcome.
    std::optional<Verdict> cut_short;
  };
  Delivery delivery;

 private:
  const std::unique_ptr<EventSpool> spool_;
  std::atomic<StopReason> stop_{StopReason::kNone};
  std::atomic<bool> closed_{false}, in_turn_{false};
  std::atomic<bool> checkpointed_{false}, told_of_checkpoint_{false};
  mutable std::mutex mutex_;               // guards all below
  std::optional<RunDirectory> directory_;  // empty in a later life of the worker
  std::shared_ptr<Upload> upload_;
};

/// The attempts of which the coordinator has not yet heard the end.
class AttemptList : public OpenList<Attempt> {
 public:
  void request_stop(StopReason reason) {
    for (const auto& attempt : open()) attempt->request_stop(reason);
  }
};

}  // namespace oodml::worker
