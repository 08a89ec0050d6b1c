#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "coordinator/service/worker_view.h"
#include "core/job/identity.h"

namespace oodml::coordinator::submission {

/// What there is now, hashes by what they are of: on connected workers and on the caller's machine.
using DataNow = std::map<std::string, std::set<std::string>>;
DataNow data_now(const std::vector<WorkerView>& workers, const job::DataStamps& on_disk);

/// What is to be said of the trials that a submission finds there already.
class Reuse {
 public:
  explicit Reuse(DataNow now) : now_(std::move(now)) {}

  /// The result of a succeeded trial is shared; it was made of this.
  void add_result(const job::Identity& made_of);
  /// A trial that has begun will not do what this submission asks of it (unmet_wishes); nothing when there is nothing.
  void add_unmet(const std::vector<std::string>& wishes, bool is_under_way);
  /// A trial that is to be run again runs just now, and goes on as it is.
  void add_running() { ++running_; }

  /// What changed since the results were made, with the ways out; empty: nothing did, as far as anybody knows.
  std::string refusal() const;
  /// Lines for people. Where it is `accepted`, what changed is one of them.
  std::vector<std::string> notes(bool accepted) const;

 private:
  std::string changes() const;

  const DataNow now_;
  std::map<std::string, std::int64_t> changed_;  ///< what -> results made of another
  std::int64_t stale_ = 0;                       ///< results of which something changed
  std::set<std::string> unchecked_;              ///< of which nobody has said what it has now
  std::int64_t unchecked_results_ = 0, silent_ = 0;
  std::map<std::pair<std::string, bool>, std::int64_t> unmet_;  ///< (wishes, whether under way) -> trials
  std::int64_t running_ = 0;
};

}  // namespace oodml::coordinator::submission
