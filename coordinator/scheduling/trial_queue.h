#pragma once

#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

#include "coordinator/store/trial_table.h"

namespace oodml::coordinator::scheduling {

struct QueuedTrial {
  TrialId trial;
  store::Need need;
  store::Turn turn;
};

/// The trials that wait to run, in one line per need: 10 000 trials of a grid have some dozens of needs, and a slot
/// looks at the heads of the lines only. Not thread-safe.
class TrialQueue {
 public:
  /// Adds the trial, or moves it to its new turn.
  void put(const QueuedTrial& trial);
  void erase(TrialId trial);
  bool contains(TrialId trial) const { return places_.contains(trial); }
  std::size_t size() const { return places_.size(); }

  /// Takes out the trial whose turn comes first among the needs (as specifications) that `fits` accepts.
  std::optional<QueuedTrial> take_first(const std::function<bool(const job::TrialSpec&)>& fits);

 private:
  struct Place {
    store::Need need;
    store::Turn turn;
  };
  struct Line {
    job::TrialSpec spec;  ///< of the need, made once
    std::map<store::Turn, TrialId> turns;
  };
  std::map<store::Need, Line> lines_;  ///< never an empty line
  std::unordered_map<TrialId, Place> places_;
};

}  // namespace oodml::coordinator::scheduling
