#include "worker/event_spool.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/base/atomic_file.h"
#include "core/base/code_point.h"

namespace oodml::worker {
namespace {

constexpr std::uint64_t kCompactBytes = 4 << 20;
constexpr std::size_t kMaxEndBytes = 4000;  // of the message that an attempt ends with

std::uint64_t bytes_of(const job::Event& event) { return event_record(event).size() + RecordFile::kHeadBytes; }

}  // namespace

Result<std::unique_ptr<EventSpool>> EventSpool::create(const std::filesystem::path& path, const job::Lease& lease,
                                                       const std::string& fingerprint, const std::string& slot,
                                                       File what) {
  const job::HeldLease held{.lease = lease, .fingerprint = fingerprint, .slot = slot};
  OODML_ASSIGN_OR_RETURN(RecordFile file, RecordFile::create(path));
  const Status written = file.append(header_record({.held = held, .left_out = {}, .events = {}, .finish = {}}));
  if (!written.ok()) {
    ::unlink(path.c_str());
    return failure(written);
  }
  return std::unique_ptr<EventSpool>(new EventSpool(held, std::move(file), false, what));
}

std::unique_ptr<EventSpool> EventSpool::in_memory(const job::Lease& lease) {
  return std::unique_ptr<EventSpool>(
      new EventSpool({.lease = lease, .fingerprint = "", .slot = ""}, std::nullopt, true));
}

Result<std::unique_ptr<EventSpool>> EventSpool::recover(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(RecordFile::Opened opened, RecordFile::open(path));
  OODML_ASSIGN_OR_RETURN(SpoolContent content, parse_spool(opened.records, path.string()));
  std::unique_ptr<EventSpool> spool(new EventSpool(std::move(content.held), std::move(opened.file), true));
  spool->gone_ = content.gone;
  spool->told_ = content.told;
  spool->thinned_ = content.thinned;
  spool->last_sequence_ = std::max(content.told, content.thinned);
  spool->left_out_ = std::move(content.left_out);
  spool->finish_ = std::move(content.finish);
  for (job::Event& event : content.events) {
    if (event.sequence <= content.told) {
      spool->keep_locked(std::move(event));
    } else {
      spool->last_sequence_ = std::max(spool->last_sequence_, event.sequence);
      spool->untold_.push_back(std::move(event));
    }
  }
  spool->synced_sequence_ = spool->last_sequence_;
  return spool;
}

Status EventSpool::append(Time time, job::EventBody body, SteadyTime now) {
  const std::lock_guard lock(mutex_);
  if (finish_) return failed_precondition("the attempt has ended, no event may follow");
  if (doubtful_) OODML_RETURN_IF_ERROR(rewrite_locked());
  job::Event event{held_.lease.trial, held_.lease.attempt, last_sequence_ + 1, time, std::move(body)};
  if (file_) OODML_RETURN_IF_ERROR(file_->append(event_record(event)));
  ++last_sequence_;
  untold_.push_back(std::move(event));
  if (!unsynced_since_) unsynced_since_ = now;
  // A failure makes the file doubtful, which the next call finds and tells.
  if (last_sequence_ - synced_sequence_ >= static_cast<std::int64_t>(kSyncEvery)) (void)sync_locked();
  return {};
}

Status EventSpool::sync_if_due(SteadyTime now) {
  const std::lock_guard lock(mutex_);
  const bool due = unsynced_since_ && now >= *unsynced_since_ + kSyncAfter;
  return due || doubtful_ ? sync_locked() : Status();
}

Status EventSpool::sync_locked() {
  if (doubtful_) return rewrite_locked();
  if (file_) {
    Status synced = file_->sync();
    if (synced.ok() && !is_placed_) synced = sync_folder(file_->path().parent_path());
    doubtful_ = !synced.ok();
    if (doubtful_) return synced;
    is_placed_ = true;
  }
  note_synced_locked();
  return {};
}

void EventSpool::note_synced_locked() {
  synced_sequence_ = last_sequence_;
  unsynced_since_.reset();
}

Status EventSpool::append_finish(job::Outcome outcome, const std::string& message) {
  const std::lock_guard lock(mutex_);
  finish_ = PendingFinish{random_hex_128(), outcome, std::string(beginning_of(message, kMaxEndBytes)), last_sequence_};
  const Status written = write_finish_locked();
  note_synced_locked();  // From here on memory is as good as it gets.
  return written;
}

Status EventSpool::write_finish_locked() {
  if (!file_ || (!doubtful_ && file_->append(finish_record(*finish_)).ok())) return {};
  return rewrite_locked();
}

Status EventSpool::sync_finish() {
  const std::lock_guard lock(mutex_);
  if (!file_ || sync_locked().ok()) return {};
  return rewrite_locked();
}

std::vector<job::Event> EventSpool::next_batch(std::size_t max_events) const {
  const std::lock_guard lock(mutex_);
  std::vector<job::Event> batch;
  auto event = untold_.begin();
  for (std::int64_t next = told_ + 1; next <= synced_sequence_ && batch.size() < max_events; ++next) {
    if (event != untold_.end() && event->sequence == next) {
      batch.push_back(*event++);
    } else {
      batch.push_back(left_out_.value());
      batch.back().sequence = next;
    }
  }
  return batch;
}

void EventSpool::told_up_to(std::int64_t durable) {
  const std::lock_guard lock(mutex_);
  while (!untold_.empty() && untold_.front().sequence <= durable) {
    keep_locked(std::move(untold_.front()));
    untold_.pop_front();
  }
  told_ = std::max(told_, std::min(durable, last_sequence_));
  const bool wasteful = file_ && wasted_bytes_ > kCompactBytes && wasted_bytes_ > file_->size() / 2;
  // A disk that refuses costs nothing: the old file stays, and the next call tries again.
  if (wasteful && !finish_ && !doubtful_) (void)rewrite_locked();
}

/// Takes over an event that was told.
void EventSpool::keep_locked(job::Event event) {
  const std::uint64_t bytes = bytes_of(event);
  if (std::holds_alternative<job::Progress>(event.body)) {
    thinned_ = std::max(thinned_, event.sequence);
    left_out_ = std::move(event);
    wasted_bytes_ += bytes;
    return;
  }
  kept_.push_back(std::move(event));
  kept_bytes_ += bytes;
  while (kept_bytes_ > kMaxKept) {
    const std::uint64_t oldest = bytes_of(kept_.front());
    kept_bytes_ -= oldest;
    wasted_bytes_ += oldest;
    gone_ = kept_.front().sequence;
    kept_.pop_front();
  }
}

bool EventSpool::tell_again_after(std::int64_t durable) {
  const std::lock_guard lock(mutex_);
  if (durable < gone_) return false;
  while (!kept_.empty() && kept_.back().sequence > durable) {
    kept_bytes_ -= bytes_of(kept_.back());
    untold_.push_front(std::move(kept_.back()));
    kept_.pop_back();
  }
  told_ = std::min(told_, durable);
  return true;
}

/// Writes what is to be kept into a new file that takes the old one's place. Whatever fails, what is in memory stays,
/// and so does a file that was not doubtful.
Status EventSpool::rewrite_locked() {
  const std::filesystem::path path = file_->path();
  const std::filesystem::path fresh_path = path.string() + ".new";
  OODML_ASSIGN_OR_RETURN(RecordFile fresh, RecordFile::create(fresh_path));
  Status written = write_all_locked(fresh);
  if (written.ok()) written = fresh.sync();
  if (written.ok() && ::rename(fresh_path.c_str(), path.c_str()) != 0) {
    written = system_failure("rename to " + path.string(), errno);
  }
  if (!written.ok()) {
    ::unlink(fresh_path.c_str());
    return written;
  }
  fresh.moved_to(path);
  file_ = std::move(fresh);
  wasted_bytes_ = 0;
  const Status placed = sync_folder(path.parent_path());
  doubtful_ = !placed.ok();  // After a power cut the old file might be there again.
  is_placed_ = placed.ok();
  if (placed.ok()) note_synced_locked();
  return placed;
}

Status EventSpool::write_all_locked(RecordFile& file) const {
  OODML_RETURN_IF_ERROR(file.append(header_record(
      {.held = held_, .gone = gone_, .told = told_, .thinned = thinned_, .left_out = {}, .events = {}, .finish = {}})));
  if (left_out_) OODML_RETURN_IF_ERROR(file.append(left_out_record(*left_out_)));
  for (const auto* events : {&kept_, &untold_}) {
    for (const job::Event& event : *events) OODML_RETURN_IF_ERROR(file.append(event_record(event)));
  }
  return finish_ ? file.append(finish_record(*finish_)) : Status();
}

bool EventSpool::has_news() const {
  const std::lock_guard lock(mutex_);
  return finish_.has_value() || told_ < synced_sequence_;
}

std::int64_t EventSpool::told() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

std::int64_t EventSpool::backlog() const {
  const std::lock_guard lock(mutex_);
  return last_sequence_ - told_;
}

std::int64_t EventSpool::last_sequence() const {
  const std::lock_guard lock(mutex_);
  return last_sequence_;
}

std::optional<PendingFinish> EventSpool::finish() const {
  const std::lock_guard lock(mutex_);
  return finish_;
}

void EventSpool::remove() {
  const std::lock_guard lock(mutex_);
  kept_.clear();
  untold_.clear();
  told_ = last_sequence_;
  doubtful_ = false;
  if (!file_) return;
  if (what_ == File::kGoes || !file_->clear().ok()) ::unlink(file_->path().c_str());
  file_.reset();
}

}  // namespace oodml::worker
