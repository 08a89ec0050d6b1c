#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/lease.h"
#include "core/job/trial_state.h"

namespace oodml::worker {

/// What the coordinator wants of a worker's timing.
struct Terms {
  Duration lease = std::chrono::seconds(120);
  Duration heartbeat = std::chrono::seconds(10);
};

/// How much of a content the coordinator has.
struct ContentState {
  std::int64_t present = 0;  ///< Bytes from its beginning: the next chunk starts here.
  bool whole = false;        ///< All of it, and verified.
};

/// A piece of a content, of at most job::kMaxChunkBytes.
struct ContentChunk {
  std::string sha256;      ///< Of the whole content.
  std::int64_t bytes = 0;  ///< Likewise.
  std::int64_t offset = 0;
  std::string_view data;
};

/// How an attempt ended, as the coordinator is told.
struct EndReport {
  std::string request_id;  ///< The same in every try, so that a lost reply does no harm.
  job::Outcome outcome = job::Outcome::kInfrastructure;
  std::string message;
  std::int64_t last_sequence = 0;
  std::vector<job::Event> events;  ///< Up to that one, those that it may not have; or none.
  bool printed_nothing = false;    ///< There is no output, and none follows.
};

/// An acquire that does not wait and comes with an end.
struct NextTrial {
  std::string slot, request_id;
};

/// The coordinator as one worker sees it (proto/oodml/v1/workers.proto), in plain types. Calls block, have a
/// deadline of their own and are safe from any thread. kUnavailable and the like mean: ask again, with the same
/// request id where there is one.
class CoordinatorClient {
 public:
  virtual ~CoordinatorClient() = default;

  /// `held`: the leases of attempts whose end it has not confirmed.
  virtual Result<Terms> register_worker(const job::WorkerInfo& worker, const std::vector<job::HeldLease>& held) = 0;

  /// Long poll: a trial for the slot, or nullopt after about `wait`. kNotFound: register first.
  virtual Result<std::optional<job::LeasedTrial>> acquire(const std::string& slot, const std::string& request_id,
                                                          Duration wait) = 0;
  /// From now on acquire does not wait; calls that are waiting return kCancelled.
  virtual void stop_waiting() = 0;

  /// Renews the leases; one directive each, in their order. kNotFound: register first.
  virtual Result<std::vector<job::Directive>> heartbeat(const std::vector<job::Lease>& leases) = 0;

  /// The worker ends and will not be heard of again. Soon over, whatever comes of it.
  virtual Status leave() = 0;

  /// Events of one attempt in order; the sequence up to which all are durable, which may be before the last: what does
  /// not fit one message is not sent. No events: asks for it. kAborted: the lease was overtaken. kFailedPrecondition:
  /// events before these are missing there.
  virtual Result<std::int64_t> push_events(const job::Lease& lease, const std::vector<job::Event>& events) = 0;
  virtual Status commit_checkpoint(const job::Lease& lease, const job::Checkpoint& checkpoint) = 0;
  /// The events and the end become durable together. kFailedPrecondition: events before these are missing there, or it
  /// is an older coordinator that takes none here. With `next`, the trial that its slot is given, or nullopt: none now
  /// (an older coordinator gives none); after a failure acquire with the same request id tells.
  virtual Result<std::optional<job::LeasedTrial>> finish(const job::Lease& lease, const EndReport& end,
                                                         const std::optional<NextTrial>& next) = 0;

  // Files (proto/oodml/v1/artifacts.proto), under a lease that is held, or was held to its end and whose trial nobody
  // has claimed since. kAborted: it was overtaken. kResourceExhausted: no room. kUnimplemented: an older coordinator.

  virtual Result<ContentState> offer_content(const job::Lease& lease, const std::string& sha256,
                                             std::int64_t bytes) = 0;
  virtual Result<ContentState> put_chunk(const job::Lease& lease, const ContentChunk& chunk) = 0;
  /// Names for contents that are whole there, all or none.
  virtual Status publish_files(const job::Lease& lease, const std::vector<job::StoredFile>& files) = 0;
  /// What the trial printed, from an offset on; `over`: nothing follows. Gives the offset up to which the coordinator
  /// has it, from which the next one goes on.
  virtual Result<std::int64_t> append_output(const job::Lease& lease, std::int64_t offset, std::string_view data,
                                             bool over) = 0;
  /// Bytes of a file of job::LeasedTrial::resume_from; empty at its end.
  virtual Result<std::string> take_chunk(const job::Lease& lease, const std::string& sha256, std::int64_t offset) = 0;
};

}  // namespace oodml::worker
