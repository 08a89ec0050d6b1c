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
#include "worker/record_file.h"
#include "worker/spool_records.h"

namespace oodml::worker {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The events of one attempt on their way to the coordinator: on disk before they are sent. Those that the coordinator
/// has are kept, too, progress left out, so that one whose database was restored from a backup can be told all again.
/// The file also holds the lease and, at the end, the outcome, so that a worker's next life can deliver what an
/// earlier one could not. Safe from any thread.
///
/// After a failed fsync nothing is known of what the file holds, and a later one may succeed all the same. The file
/// counts as doubtful from then on: it is written anew from memory, synced and renamed before anything else happens to
/// it.
class EventSpool {
 public:
  static constexpr std::size_t kSyncEvery = 64;  ///< events
  static constexpr Duration kSyncAfter = std::chrono::milliseconds(200);
  static constexpr std::int64_t kMaxBacklog = 100'000;  ///< events; a trial that says more has to wait
  static constexpr std::uint64_t kMaxKept = 16 << 20;   ///< bytes of told events; the oldest go first

  /// Whether the file goes with its attempt, or is emptied for the slot's next one: a file system takes longer to make
  /// a file where it has just removed many.
  enum class File { kGoes, kStays };

  /// Makes the file, or begins one anew that stayed. It survives a kill of this process from here on, and a power cut
  /// from the first sync on. `fingerprint` and `slot` are those of job::HeldLease.
  static Result<std::unique_ptr<EventSpool>> create(const std::filesystem::path& path, const job::Lease& lease,
                                                    const std::string& fingerprint = "", const std::string& slot = "",
                                                    File file = File::kGoes);
  /// Reads what an earlier life left. kDataLoss when not even the lease is readable.
  static Result<std::unique_ptr<EventSpool>> recover(const std::filesystem::path& path);
  /// Without a file, for an attempt that could not even start because the disk refuses.
  static std::unique_ptr<EventSpool> in_memory(const job::Lease& lease);

  const job::Lease& lease() const { return held_.lease; }
  const job::HeldLease& held() const { return held_; }

  /// Gives the event the next sequence. On failure (a full disk) nothing has changed and the caller tries again; once
  /// the event is taken it stays, whatever becomes of the sync that follows. kFailedPrecondition after append_finish.
  Status append(Time time, job::EventBody body, SteadyTime now);
  /// fsync when kSyncAfter has passed since the first unsynced event; a doubtful file is written anew. On failure the
  /// caller tries again: until it succeeds, no unsynced event is sent.
  Status sync_if_due(SteadyTime now);
  /// Ends the attempt: no event may follow, and all of them may be sent. Not synced: an end that the coordinator has
  /// within a moment needs no disk here. When the disk refuses, the outcome is kept in memory all the same and the
  /// Status says so.
  Status append_finish(job::Outcome outcome, const std::string& message);
  /// The end, and all before it, survives a power cut: for one that could not be told within kSyncAfter.
  Status sync_finish();

  /// The oldest events, without gaps, that are on disk here (or whose attempt has ended) and not known to be durable
  /// there. In the place of
  /// progress that was left out stands the newest that was.
  std::vector<job::Event> next_batch(std::size_t max_events) const;
  /// Whether next_batch or finish has something to tell.
  bool has_news() const;
  /// The coordinator has all events up to and with `durable`.
  void told_up_to(std::int64_t durable);
  /// The coordinator has lost what came after `durable`: next_batch goes on from there. False when that cannot be told
  /// again, because it is more than kMaxKept.
  bool tell_again_after(std::int64_t durable);
  std::int64_t told() const;
  /// Events that are not told.
  std::int64_t backlog() const;
  std::int64_t last_sequence() const;
  /// Set once append_finish was called.
  std::optional<PendingFinish> finish() const;
  /// Deletes or empties the file; the attempt is over or was overtaken.
  void remove();

 private:
  EventSpool(job::HeldLease held, std::optional<RecordFile> file, bool is_placed, File what = File::kGoes)
      : held_(std::move(held)), what_(what), file_(std::move(file)), is_placed_(is_placed) {}
  Status sync_locked();
  Status write_finish_locked();
  Status rewrite_locked();
  Status write_all_locked(RecordFile& file) const;
  void note_synced_locked();
  void keep_locked(job::Event event);

  const job::HeldLease held_;
  const File what_;
  mutable std::mutex mutex_;        // guards all below
  std::optional<RecordFile> file_;  // empty: in memory, or removed
  bool is_placed_;                  // its name is on the disk
  bool doubtful_ = false;           // an fsync failed since the file was begun
  std::deque<job::Event> kept_;     // told
  std::deque<job::Event> untold_;
  std::optional<job::Event> left_out_;  // the newest progress that was told
  std::int64_t gone_ = 0;
  std::int64_t told_ = 0;
  std::int64_t thinned_ = 0;  // up to here progress may be left out
  std::int64_t last_sequence_ = 0;
  std::int64_t synced_sequence_ = 0;
  std::optional<SteadyTime> unsynced_since_;
  std::uint64_t kept_bytes_ = 0;
  std::uint64_t wasted_bytes_ = 0;  // about what the file holds of events that are neither kept nor untold
  std::optional<PendingFinish> finish_;
};

}  // namespace oodml::worker
