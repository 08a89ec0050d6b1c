#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/store/common_settings.h"
#include "coordinator/store/sqlite.h"
#include "core/job/need.h"
#include "core/job/sweep_plan.h"
#include "core/job/trial_state.h"

namespace oodml::coordinator::store {

/// What the sweeps that share a trial want of it: the strongest wish of all of them.
enum class Wish { kCancel = 0, kPause = 1, kRun = 2 };

/// Where a trial stands among those of its owner; scheduling/order.h says what comes first.
struct Turn {
  std::int64_t priority = 0;
  SweepId sweep;
  std::int64_t position = 0;
  Time queued_since{};  ///< When a submission or a person queued it; tries again keep it.
  friend bool operator==(const Turn&, const Turn&) = default;
};

/// A label of an axis.
struct Label {
  std::string axis, label;
  friend auto operator<=>(const Label&, const Label&) = default;
};

/// On whose account a trial waits and runs: that of the sweep whose turn it has.
struct Charge {
  SweepId sweep;
  std::string owner;
  std::set<Label> limited;  ///< Those of its labels in that sweep that have a limit.
  friend auto operator<=>(const Charge&, const Charge&) = default;
};

/// What the memory (queue, leases, watchers) has to know of a trial after a change of it.
struct Situation {
  TrialId trial;
  job::TrialState state = job::TrialState::kQueued;
  AttemptEpoch attempt = 0;
  Wish wish = Wish::kRun;
  bool lets_run = false;  ///< With kPause: an attempt under way may end by itself.
  std::optional<Time> not_before;
  job::Need need;
  std::set<WorkerId> failed_on;  ///< Whose machines could not run it, since it was last queued by hand.
  bool machine_failed = false;   ///< The newest attempt ended by a fault of its worker's machine.
  Duration backoff{};  ///< from the end of the newest attempt to not_before, both by the wall clock of that moment
  Turn turn;           ///< of the best sweep that wants it to run
  Charge charge;
  std::int64_t max_parallel = 0;           ///< Of the sweep that is charged; 0: no limit.
  std::optional<WorkerId> preempted_on{};  ///< Where its newest attempt stopped with a checkpoint, to go on.
};

Situation situation_of(Connection& database, TrialId trial);
/// Of the first `limit` trials behind `after` that are queued, running or in backoff, as `state` says, by id; the last
/// of them where there may be more.
std::optional<TrialId> read_situations(Connection& database, job::TrialState state, TrialId after, std::int64_t limit,
                                       const std::function<void(Situation)>& take);
Wish wish_of(Connection& database, TrialId trial);
/// What the wish means for an attempt under way: a pause that lets it run does not concern it.
inline Wish fate_of(const Situation& situation) { return situation.lets_run ? Wish::kRun : situation.wish; }

struct TrialKey {
  TrialId id;
  job::TrialState state = job::TrialState::kQueued;
  AttemptEpoch attempt = 0;  ///< newest
  bool has_started = false;  ///< in its present run
};
std::optional<TrialKey> find_by_fingerprint(Connection& database, const std::string& fingerprint);

/// A new trial, queued. `common`: what the trials of its sweep have in common (common_settings.h).
TrialId insert_trial(Connection& database, const job::TrialSpec& spec, const std::string& fingerprint, Time now,
                     const std::optional<CommonSettings>& common = std::nullopt);
job::TrialSpec read_spec(Connection& database, TrialId trial);
/// A trial that waits or is over takes over what an equal one, submitted later, demands of the machine: the memory of
/// its GPU, which no fingerprint holds.
void take_over_demand(Connection& database, TrialId trial, const job::TrialSpec& newer);
/// Another specification of the same fingerprint: what leaves the numbers alone differs.
void replace_spec(Connection& database, TrialId trial, const job::TrialSpec& spec);

/// The state alone; `at` becomes the trial's end when the state is final. A move that the state machine forbids is
/// a bug and throws std::logic_error.
void set_state(Connection& database, TrialId trial, job::TrialState to, Time at,
               std::optional<Time> not_before = std::nullopt);
/// What its newest attempt left of a trial that runs: its state as by set_state, and how it ended, for people.
struct Ending {
  job::TrialState to = job::TrialState::kFailed;
  Time at{};
  std::optional<Time> not_before;
  std::string outcome, message;
};
void end_run(Connection& database, TrialId trial, const Ending& ending);
/// Queued again with all its tries, and wanted by no sweep until one says so: sweeps that had done with it stay done.
void requeue_afresh(Connection& database, TrialId trial, Time at);
/// Queued as if it had never run (job::may_begin_afresh): results go to the history, checkpoints, events and tries of
/// earlier attempts count no more. Sweeps that have its result wait for the new one.
void begin_afresh(Connection& database, TrialId trial, Time at);
void set_outcome(Connection& database, TrialId trial, const std::string& outcome, const std::string& message);

}  // namespace oodml::coordinator::store
