#pragma once

#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "coordinator/store/trial_table.h"

namespace oodml::coordinator::scheduling {

/// What trials of one line have in common.
struct LineKey {
  job::Need need;
  std::set<WorkerId> failed_on;  ///< Whose machines could not run them.
  friend auto operator<=>(const LineKey&, const LineKey&) = default;
};

struct QueuedTrial {
  TrialId trial;
  LineKey line;
  store::Turn turn;
};

/// The trials that wait to run, in one line per need and set of workers that failed them: 10 000 trials of a grid have
/// some dozens of lines, and a slot looks at their heads only. Not thread-safe.
class TrialQueue {
 public:
  /// Adds the trial, or moves it to its new line and turn.
  void put(const QueuedTrial& trial);
  void erase(TrialId trial);
  bool contains(TrialId trial) const { return places_.contains(trial); }
  std::size_t size() const { return places_.size(); }
  /// Whether a trial with this need waits that the worker's machine could not run.
  bool has_failed(const job::Need& need, const WorkerId& worker) const;

  /// How much a slot wants the trials of a line: those of the lowest rank first; nullopt: none of them.
  using Rank = std::function<std::optional<int>(const LineKey& line)>;
  /// Takes out the trial of the lowest rank, among equals that whose turn comes first.
  std::optional<QueuedTrial> take_first(const Rank& rank);

 private:
  struct Place {
    LineKey line;
    store::Turn turn;
  };
  using Turns = std::map<store::Turn, TrialId>;
  std::map<LineKey, Turns> lines_;  ///< never an empty line
  std::unordered_map<TrialId, Place> places_;
};

}  // namespace oodml::coordinator::scheduling
