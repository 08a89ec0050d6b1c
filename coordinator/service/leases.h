#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/service/pending.h"
#include "coordinator/service/reply.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/lease.h"
#include "core/job/trial_state.h"

namespace oodml::coordinator {

struct LeaseTerms {
  Duration heartbeat = std::chrono::seconds(10);
  Duration lease = std::chrono::seconds(120);
  Duration restart_grace = std::chrono::seconds(120);  ///< Term of every live lease after a restart.
  /// How often a trial is tried again after faults of machines; 0 where there is one machine only.
  int machine_retries = job::kMaxRetries;
};

/// How a worker says that an attempt ended.
struct AttemptEnd {
  std::string request_id;
  job::Outcome outcome = job::Outcome::kSucceeded;
  std::string message;
  std::int64_t last_sequence = 0;  ///< Of its last event: all up to there are needed.
  std::vector<job::Event> events;  ///< Its last ones, in order, as far as they come with its end; or none.
};

/// What workers can ask of the coordinator (proto/oodml/v1/workers.proto), in plain types. Safe from any thread.
class Leases {
 public:
  virtual ~Leases() = default;
  /// `held`: leases that the worker has. One that this database does not know is taken up (it is older than the lease,
  /// restored from a backup) when the trial is the same and nobody has claimed it since.
  virtual void register_worker(const job::WorkerInfo& worker, const std::vector<job::HeldLease>& held,
                               Reply<LeaseTerms> reply) = 0;

  /// A long poll. `reply` gets a trial as soon as one fits the slot, or nullopt when `wait_at_most` is over or
  /// the returned handle is cancelled. The claim is durable before the reply. kNotFound: unknown worker, register.
  /// Asked again with the same request id, the same trial comes back while that lease lives.
  using Pending = coordinator::Pending;
  virtual std::shared_ptr<Pending> acquire(const WorkerId& worker, const std::string& slot,
                                           const std::string& request_id, Duration wait_at_most,
                                           Reply<std::optional<job::LeasedTrial>> reply) = 0;

  /// In memory only. Directives in the order of `leases`.
  virtual Result<std::vector<job::Directive>> heartbeat(const WorkerId& worker,
                                                        const std::vector<job::Lease>& leases) = 0;

  /// The worker ended and will not be heard of again, until it registers anew. One that is not known is not missed.
  virtual void leave(const WorkerId& worker) = 0;

  /// `events` are of one attempt, in order, or none. Answers with the sequence up to which all are durable; repeats are
  /// harmless. kAborted when the lease was overtaken; kFailedPrecondition when a sequence is missing before them.
  virtual void push_events(const WorkerId& worker, const LeaseId& lease, std::vector<job::Event> events,
                           Reply<std::int64_t> reply) = 0;
  virtual void commit_checkpoint(const job::Lease& lease, const job::Checkpoint& checkpoint,
                                 Reply<std::monostate> reply) = 0;

  /// Ends the attempt, its last events and the end in one step. kAborted when somebody claimed the trial since;
  /// accepted late when nobody has. kFailedPrecondition: events before these are missing.
  /// kResourceExhausted: too many wait for the disk, as of push_events.
  virtual void finish(const job::Lease& lease, AttemptEnd end, Reply<std::monostate> reply) = 0;
};

}  // namespace oodml::coordinator
