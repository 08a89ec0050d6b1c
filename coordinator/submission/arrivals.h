#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "coordinator/service/reply.h"
#include "coordinator/store/job_store.h"
#include "coordinator/submission/arrival_changes.h"

namespace oodml::coordinator::submission {

/// What takes over what committed changes did to trials: LeaseManager has a function of each name. From the writer's
/// thread.
struct QueueChanges {
  std::function<void(const std::vector<store::Situation>&)> apply;
  std::function<void(std::vector<TrialId>)> expect;
  std::function<void(std::vector<store::Situation>)> arrive;
  std::function<void()> have_arrived;
};

/// Submissions one after the other. A large one is written some milliseconds at a time, between which leases and
/// reports have their turn; nobody sees anything of it before it is whole. Its trials enter the queue likewise.
class Arrivals {
 public:
  Arrivals(store::JobStore& store, QueueChanges queue) : store_(store), queue_(std::move(queue)) {}
  ~Arrivals();

  /// `reply` comes from the writer's thread, in the order of the commits, when the trials are in the queue.
  void submit(std::shared_ptr<const Draft> draft, Reply<Submitted> reply);

 private:
  struct Waiting {
    std::shared_ptr<const Draft> draft;
    Reply<Submitted> reply;
    Arriving arriving;
    std::size_t queued = 0;  ///< Of arriving.fresh.
  };
  using Shared = std::shared_ptr<Waiting>;
  // Each writes, and goes on with the next from the writer's thread.
  void begin(const Shared& first);
  void add_more(const Shared& first);
  void end(const Shared& first);
  void queue_more(const Shared& first, const std::shared_ptr<Submitted>& submitted);
  void over(const Shared& first, Result<Submitted> submitted);
  void give_up();
  void remove_more();
  void forget(const Shared& first);

  store::JobStore& store_;
  const QueueChanges queue_;
  std::thread forgetting_;   // of the last large one; started from the writer's thread
  std::mutex mutex_;         // guards line_
  std::deque<Shared> line_;  // the first is under way
};

}  // namespace oodml::coordinator::submission
