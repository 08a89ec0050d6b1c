#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "coordinator/service/trial_views.h"
#include "coordinator/store/point_pack.h"
#include "coordinator/store/sqlite.h"
#include "core/base/clock.h"
#include "core/base/ids.h"

namespace oodml::coordinator::store {

// Figures of trials: rows of metric_points, and what was left of them when they were thinned (thin_points). Whoever
// reads them does so here.

/// Behind this event of this attempt; as it is made, behind the whole attempt.
struct AfterPoint {
  AttemptEpoch attempt = 0;
  std::int64_t sequence = std::numeric_limits<std::int64_t>::max();
  friend auto operator<=>(const AfterPoint&, const AfterPoint&) = default;
};
/// By attempt and sequence; at most `limit`, where that is not negative.
std::vector<Point> read_points(Connection& database, TrialId trial, AfterPoint after, std::int64_t limit = -1);
/// Behind it is the trial's present run.
AfterPoint before_run(Connection& database, TrialId trial);

/// When an attempt has succeeded: what earlier ones of its run said of epochs that it did not come to goes, as those of
/// a program that stops where it gets no better. One that said nothing of its epochs leaves all that there is.
void forget_unreached(Connection& database, TrialId trial, AttemptEpoch attempt);

/// Some of the trial's rows; fewer than `most`: all that were left.
std::int64_t remove_point_rows(Connection& database, TrialId trial, std::int64_t most);

/// Trials that ended before `before` and have all of their points, or rows that thinning has still to remove.
struct OldTrial {
  TrialId trial;
  bool is_thinned = false;  ///< What is kept is kept; rows are left.
};
std::vector<OldTrial> trials_to_thin(Connection& database, Time before, std::int64_t limit);

/// From now on these are the trial's points, whatever rows it has still. `kept`: how many of a course, for people;
/// `gone`: how many it had beside them.
void keep_points(Connection& database, TrialId trial, const std::vector<Point>& points, std::int64_t kept,
                 std::int64_t gone);
/// What thinning took of the trial's curves.
PointThinning thinning_of(Connection& database, TrialId trial);
/// Its rows are gone.
void set_thinned(Connection& database, TrialId trial);

/// What trials that ended before `before` said beside figures and last words goes; how many trials were looked at, at
/// most `limit`, and how many events went.
struct Forgotten {
  std::int64_t trials = 0, events = 0;
};
Forgotten forget_events(Connection& database, Time before, std::int64_t limit);

/// What upkeep did so far, by task.
struct UpkeepRecord {
  Time newest{};
  std::int64_t trials = 0, removed = 0;
};
void add_to_record(Connection& database, const std::string& task, Time now, std::int64_t trials, std::int64_t removed);
UpkeepRecord read_record(Connection& database, const std::string& task);

}  // namespace oodml::coordinator::store
