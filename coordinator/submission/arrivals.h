#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "coordinator/service/reply.h"
#include "coordinator/store/job_store.h"
#include "coordinator/submission/arrival_changes.h"

namespace oodml::coordinator::submission {

/// Submissions one after the other. A large one is written some hundred trials at a time, between which leases and
/// reports have their turn; nobody sees anything of it before it is whole.
class Arrivals {
 public:
  explicit Arrivals(store::JobStore& store) : store_(store) {}

  /// `reply` comes from the writer's thread, in the order of the commits.
  void submit(std::shared_ptr<const Draft> draft, Reply<Submitted> reply);

 private:
  struct Waiting {
    std::shared_ptr<const Draft> draft;
    Reply<Submitted> reply;
    Arriving arriving;
  };
  using Shared = std::shared_ptr<Waiting>;
  // Each writes, and goes on with the next from the writer's thread.
  void begin(const Shared& first);
  void add_more(const Shared& first);
  void end(const Shared& first);
  void over(const Shared& first, Result<Submitted> submitted);
  void give_up();
  void remove_more();

  store::JobStore& store_;
  std::mutex mutex_;         // guards line_
  std::deque<Shared> line_;  // the first is under way
};

}  // namespace oodml::coordinator::submission
