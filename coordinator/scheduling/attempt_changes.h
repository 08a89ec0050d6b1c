#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/service/leases.h"
#include "coordinator/store/attempt_table.h"
#include "coordinator/store/trial_table.h"
#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/lease.h"

/// The transactions that begin, feed and end attempts. Each looks at the database alone, which is what fences: a
/// lease counts as long as its attempt is the trial's newest, whatever the memory believes.
namespace oodml::coordinator::scheduling {

/// The trial's new situation, then those of others for which its end made a difference: a failure may pause its sweep.
using Situations = std::vector<store::Situation>;
/// A transaction of which they come back.
using Change = std::function<Result<Situations>(store::Connection&)>;

struct Claim {
  TrialId trial;
  WorkerId worker;
  std::string slot;
  std::string model;  ///< Of the slot's device.
  std::string request_id;
  LeaseId lease;
  bool probe = false;  ///< The worker has set itself aside.
};

struct Claimed {
  job::LeasedTrial trial;
  store::Situation situation;  ///< from now on
};
/// The trial's new attempt, or nullopt when it is not queued any more.
std::optional<Claimed> claim(store::Connection& database, const Claim& claim, Time now);
/// What a worker got with a lease that it asks for again.
job::LeasedTrial leased_trial(store::Connection& database, const store::AttemptRow& attempt);

struct Finish {
  AttemptEnd end;
  std::int64_t steps_per_epoch = 0;        ///< As its progress said; 0: unknown.
  int machine_retries = job::kMaxRetries;  ///< As in next_step.
};
struct Finished {
  Situations situations;
  std::int64_t before = 0;  ///< The durable sequence before the events that came with the end; what follows is new.
};
/// kAborted: overtaken, or the attempt ended in another way. kFailedPrecondition: events are missing. Asked again
/// with what was answered already, it answers the same.
Result<Finished> finish(store::Connection& database, const job::Lease& lease, const Finish& finish, Time now);

/// Ends an attempt as lost, unless it ended by itself meanwhile.
Result<Situations> expire(store::Connection& database, const job::Lease& lease, const std::string& message, Time now);
/// Makes an attempt that this database has never heard of, because it was restored from a backup older than it, the
/// newest of its trial; nullopt when it is known, the trial is another, or somebody has claimed it since.
std::optional<store::Situation> take_up(store::Connection& database, const WorkerId& worker, const job::HeldLease& held,
                                        Time now);
/// Gives a lost attempt back to its worker; kAborted when the trial went on without it.
Result<Situations> revive(store::Connection& database, const job::Lease& lease, Time now);

struct Appended {
  std::int64_t before = 0;   ///< the durable sequence so far
  std::int64_t durable = 0;  ///< and now
};
/// kAborted when the lease was overtaken or the attempt is over.
Result<Appended> append(store::Connection& database, const LeaseId& lease, const std::vector<job::Event>& events);
Status keep_checkpoint(store::Connection& database, const job::Lease& lease, const job::Checkpoint& checkpoint);

/// Whether nobody followed the attempt, so that what its worker says counts: it runs, or was lost and its trial
/// still waits (or was given up for this very loss).
bool is_open(const store::AttemptRow& attempt);

}  // namespace oodml::coordinator::scheduling
