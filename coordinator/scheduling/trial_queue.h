#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "coordinator/scheduling/accounts.h"
#include "coordinator/scheduling/order.h"
#include "coordinator/store/trial_table.h"

namespace oodml::coordinator::scheduling {

/// What trials of one line have in common.
struct LineKey {
  job::Need need;
  std::set<WorkerId> failed_on;        ///< Whose machines could not run them.
  std::optional<WorkerId> kept_for{};  ///< Who has their checkpoint on its disk; for a moment.
  friend auto operator<=>(const LineKey&, const LineKey&) = default;
};

struct QueuedTrial {
  TrialId trial;
  LineKey line;
  store::Turn turn;
  store::Charge charge;
};

/// The trials that wait to run, in one line per need and set of workers that failed them, and within it by owner, sweep
/// and limited labels: 100 000 trials of some sweeps have some hundreds of these, and a slot looks at their heads only.
/// Not thread-safe.
class TrialQueue {
 public:
  /// Adds the trial, or moves it to its new line and turn.
  void put(const QueuedTrial& trial, Steady now);
  void erase(TrialId trial);
  bool contains(TrialId trial) const { return places_.contains(trial); }
  std::size_t size() const { return places_.size(); }
  /// As it was put; nullopt: it does not wait.
  std::optional<QueuedTrial> find(TrialId trial) const;
  /// On whose account it waits; nullptr: it does not.
  const store::Charge* charge_of(TrialId trial) const;
  /// Whether a trial with this need waits that the worker's machine could not run.
  bool has_failed(const job::Need& need, const WorkerId& worker) const;
  /// Whether any trial waits that no limit holds.
  bool has_free(const Limits& limits) const;

  /// How much a slot wants the trials of a line: those of the lowest rank first; nullopt: none of them.
  using Rank = std::function<std::optional<int>(const LineKey& line)>;
  /// From here on a line that lost patience is of rank 0 (order.h).
  static constexpr int kPatientRank = 2;
  /// Takes out the trial that goes first by order.h among those that no limit holds.
  std::optional<QueuedTrial> take_first(const Rank& rank, const Accounts& accounts, Steady now);

  /// Trials of one line and account that wait.
  struct Group {
    LineKey line;
    store::Charge charge;
    std::int64_t trials = 0;
    store::Turn first;
    Steady served{};
  };
  std::vector<Group> groups() const;
  /// How many of an owner's trials go before the turn, by sweep.
  std::map<SweepId, std::int64_t> before(const std::string& owner, const store::Turn& turn) const;

 private:
  struct Earlier {
    bool operator()(const store::Turn& a, const store::Turn& b) const { return goes_before(a, b); }
  };
  using Turns = std::map<store::Turn, TrialId, Earlier>;
  /// An owner's trials in a line.
  struct Bucket {
    Steady served{};
    std::map<store::Charge, Turns> groups;  ///< never an empty one
  };
  using Line = std::map<std::string, Bucket>;  ///< by owner; never an empty bucket
  using Lines = std::map<LineKey, Line>;       ///< never an empty line
  struct Place {
    Lines::iterator line;
    Line::iterator bucket;
    std::map<store::Charge, Turns>::iterator group;
    Turns::iterator turn;
  };
  struct Choice {
    Place place;
    Standing standing;
  };
  static std::optional<Choice> best_of(Lines::iterator line, Line::iterator bucket, int rank, const Limits& limits,
                                       Steady now);
  void tidy(const Place& place);

  Lines lines_;
  std::unordered_map<TrialId, Place> places_;
};

}  // namespace oodml::coordinator::scheduling
