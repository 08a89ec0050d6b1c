#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/lease.h"
#include "core/job/trial_state.h"
#include "worker/record_file.h"

namespace oodml::worker {

using SteadyTime = std::chrono::steady_clock::time_point;

/// How an attempt ended, waiting to be told to the coordinator.
struct PendingFinish {
  std::string request_id;  ///< The same in every try, so that a lost reply does no harm.
  job::Outcome outcome = job::Outcome::kInfrastructure;
  std::string message;
  std::int64_t last_sequence = 0;
};

/// The events of one attempt on their way to the coordinator: on disk before they are sent, kept until the
/// coordinator has them on its disk. The file also holds the lease and, at the end, the outcome, so that a worker's
/// next life can deliver what an earlier one could not. Safe from any thread.
class EventSpool {
 public:
  static constexpr std::size_t kSyncEvery = 64;                   ///< events
  static constexpr Duration kSyncAfter = std::chrono::milliseconds(200);
  static constexpr std::size_t kMaxBacklog = 100'000;             ///< events; a trial that says more has to wait

  /// Makes the file, durable with its lease before anything is trained under it.
  static Result<std::unique_ptr<EventSpool>> create(const std::filesystem::path& path, const job::Lease& lease);
  /// Reads what an earlier life left. kDataLoss when not even the lease is readable.
  static Result<std::unique_ptr<EventSpool>> recover(const std::filesystem::path& path);
  /// Without a file, for an attempt that could not even start because the disk refuses.
  static std::unique_ptr<EventSpool> in_memory(const job::Lease& lease);

  const job::Lease& lease() const { return lease_; }

  /// Gives the event the next sequence. On failure (a full disk) nothing has changed and the caller tries again.
  Status append(Time time, job::EventBody body, SteadyTime now);
  /// fsync when kSyncAfter has passed since the first unsynced event.
  Status sync_if_due(SteadyTime now);
  /// Ends the attempt: everything is synced, no event may follow. When the disk refuses, the outcome is kept in
  /// memory all the same and the Status says so.
  Status append_finish(job::Outcome outcome, const std::string& message);

  /// The oldest events that are on disk here and not known to be durable there.
  std::vector<job::Event> next_batch(std::size_t max_events) const;
  /// Whether next_batch or finish has something to tell.
  bool has_news() const;
  /// Forgets events up to and with `durable`.
  void free_up_to(std::int64_t durable);
  std::size_t backlog() const;
  std::int64_t last_sequence() const;
  /// Set once append_finish was called.
  std::optional<PendingFinish> finish() const;
  /// Deletes the file; the attempt is over or was overtaken.
  void remove();

 private:
  EventSpool(job::Lease lease, std::optional<RecordFile> file) : lease_(std::move(lease)), file_(std::move(file)) {}
  Status sync_locked();
  void compact_locked();

  const job::Lease lease_;
  mutable std::mutex mutex_;        // guards all below
  std::optional<RecordFile> file_;  // empty: in memory, or removed
  std::deque<job::Event> events_;   // not yet durable at the coordinator
  std::int64_t last_sequence_ = 0;
  std::int64_t synced_sequence_ = 0;
  std::optional<SteadyTime> unsynced_since_;
  std::uint64_t freed_bytes_ = 0;   // about what the file holds of events already freed
  std::optional<PendingFinish> finish_;
};

}  // namespace oodml::worker
