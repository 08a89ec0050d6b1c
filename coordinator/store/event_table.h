#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "coordinator/store/sqlite.h"
#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/lease.h"

namespace oodml::coordinator::store {

/// Appends what is new of `events` (of one attempt, in order) after `durable`, and counts all of them as durable:
/// metrics go to metric_points, progress only counts. Answers with the new durable sequence, or
/// kFailedPrecondition naming the sequence that is missing.
Result<std::int64_t> append_events(Connection& database, const job::Lease& lease, std::int64_t durable,
                                   const std::vector<job::Event>& events);

/// Stored events of all attempts in their order, metrics included, progress not; the first `skip` are left out.
std::vector<job::Event> read_events(Connection& database, TrialId trial, std::int64_t skip, std::int64_t limit);

/// Figures of a trial's present run after an event of one of its attempts, by attempt and sequence.
std::vector<job::Event> read_metrics(Connection& database, TrialId trial, AttemptEpoch after_attempt,
                                     std::int64_t after_sequence, std::int64_t limit);

/// A metric's course over a trial's present run, as its attempts together made it: of each epoch the newest attempt's
/// value, as a resumed attempt measures again only what came after its checkpoint.
struct Curve {
  std::int64_t series = 0;
  std::string set, embeds, name;
  std::map<std::int64_t, double> values;  ///< by epoch; NaN stays
};
/// In the order in which the series first appeared in the database.
std::vector<Curve> read_curves(Connection& database, TrialId trial);

}  // namespace oodml::coordinator::store
