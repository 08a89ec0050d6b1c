#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/store/sqlite.h"
#include "core/job/event.h"
#include "core/job/lease.h"
#include "core/job/trial_state.h"

namespace oodml::coordinator::store {

struct AttemptRow {
  job::Lease lease;
  WorkerId worker;
  std::string slot;
  std::string model;  ///< Of its device; written only, empty: unknown.
  std::string request_id;
  bool probe = false;  ///< by a worker that had set itself aside: it shows whether the machine is whole
  std::optional<job::Outcome> outcome;  ///< absent while it runs
  std::int64_t last_sequence = 0;
  AttemptEpoch newest = 0;    ///< attempt of the trial now; larger than the lease's when it was overtaken
  AttemptEpoch run_from = 0;  ///< of the trial: attempts up to it belong to earlier runs
  job::TrialState state = job::TrialState::kQueued;  ///< of the trial
};

std::optional<AttemptRow> find_attempt(Connection& database, const LeaseId& lease);
/// Attempts that run, and lost ones that nobody has followed: what a restarted coordinator must know.
std::vector<AttemptRow> open_attempts(Connection& database);

void insert_attempt(Connection& database, const AttemptRow& attempt, Time now);
/// The same of a trial that is queued, which runs from now on.
void begin_attempt(Connection& database, const AttemptRow& attempt, Time now);
void end_attempt(Connection& database, const job::Lease& lease, job::Outcome outcome, const std::string& message,
                 Time now);
/// Takes back the end of a lost attempt whose worker is heard of again.
void reopen_attempt(Connection& database, const job::Lease& lease);
void set_checkpoint(Connection& database, const job::Lease& lease, const job::Checkpoint& checkpoint);
/// What the attempt's process said it runs on.
void set_device(Connection& database, TrialId trial, AttemptEpoch attempt, const std::string& device);
/// What it said its numbers depend on. Where an attempt before it knew of other data, the trial's run begins afresh
/// with this one: figures of both would be mixtures.
void set_identity(Connection& database, TrialId trial, AttemptEpoch attempt, const job::Identity& identity);
/// Of the attempt; all unknown when there is none.
job::Identity read_identity(Connection& database, TrialId trial, AttemptEpoch attempt);

/// What the attempts of the trial's present run found when they started, together.
job::DataStamps data_of_run(Connection& database, TrialId trial);
/// Earlier attempts of the trial's present run on this worker, newest first.
std::vector<AttemptEpoch> earlier_attempts(Connection& database, const job::Lease& lease, const WorkerId& worker);

/// Since the trial was last queued by hand.
struct TryHistory {
  int tries = 0;                                 ///< ended attempts that count
  int machine_tries = 0;                         ///< those of them that met a fault of a machine
  std::set<std::string> crashed_on;              ///< workers whose child died of it
  std::map<std::string, std::string> failed_on;  ///< workers whose machine could not run it, with the newest reason
};
TryHistory try_history(Connection& database, TrialId trial);

}  // namespace oodml::coordinator::store
