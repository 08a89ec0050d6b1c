#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/scheduling/lease_manager.h"

// What the sources of LeaseManager share and nobody else sees.
namespace oodml::coordinator::scheduling {

/// The situation alone; what the heads of most changes ask the store for.
using Change = std::function<Result<store::Situation>(store::Connection&)>;

inline Steady steady_after(Steady now, Duration wait) { return now + std::max(wait, Duration(0)); }

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

}  // namespace oodml::coordinator::scheduling
