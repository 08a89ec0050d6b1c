#include "worker/event_spool.h"

#include <unistd.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/protocol/lines.h"

namespace oodml::worker {
namespace {

using nlohmann::json;

constexpr std::uint64_t kCompactBytes = 4 << 20;

std::string header_record(const job::Lease& lease, std::int64_t freed) {
  return "H" + json{{"version", 1}, {"trial", lease.trial.value}, {"attempt", lease.attempt}, {"lease", lease.id.value},
                    {"freed", freed}}.dump();
}

std::string event_record(const job::Event& event) {
  std::string line = protocol::encode(event.body);
  if (!line.empty() && line.back() == '\n') line.pop_back();
  return "E" + std::to_string(event.sequence) + " " + std::to_string(to_millis(event.time)) + " " + line;
}

std::string finish_record(const PendingFinish& finish) {
  return "F" + json{{"request", finish.request_id}, {"outcome", job::to_text(finish.outcome)},
                    {"message", finish.message}, {"last_sequence", finish.last_sequence}}
                   .dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return value;
}

/// nullopt for an event that this version does not know.
std::optional<job::Event> parse_event(std::string_view text, const job::Lease& lease) {
  const auto sequence = take_number(text);
  const auto millis = sequence ? take_number(text) : std::nullopt;
  if (!millis) return std::nullopt;
  auto body = protocol::decode(text);
  if (!body.has_value() || !body->has_value()) return std::nullopt;
  return job::Event{lease.trial, lease.attempt, *sequence, from_millis(*millis), std::move(**body)};
}

std::optional<PendingFinish> parse_finish(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  const auto outcome = job::parse_outcome(object.value("outcome", ""));
  if (!outcome) return std::nullopt;
  return PendingFinish{object.value("request", ""), *outcome, object.value("message", ""),
                       object.value("last_sequence", std::int64_t{0})};
}

struct Header {
  job::Lease lease;
  std::int64_t freed = 0;
};

std::optional<Header> parse_header(const std::vector<std::string>& records) {
  if (records.empty() || records.front().front() != 'H') return std::nullopt;
  const json object = json::parse(records.front().substr(1), nullptr, false);
  if (!object.is_object() || object.value("version", 0) != 1) return std::nullopt;
  return Header{{TrialId{object.value("trial", std::int64_t{0})}, object.value("attempt", std::int64_t{0}),
                 LeaseId{object.value("lease", "")}},
                object.value("freed", std::int64_t{0})};
}

}  // namespace

Result<std::unique_ptr<EventSpool>> EventSpool::create(const std::filesystem::path& path, const job::Lease& lease) {
  OODML_ASSIGN_OR_RETURN(RecordFile file, RecordFile::create(path));
  Status written = file.append(header_record(lease, 0));
  if (written.ok()) written = file.sync();
  if (written.ok()) written = sync_folder(path.parent_path());
  if (!written.ok()) {
    ::unlink(path.c_str());
    return failure(written);
  }
  return std::unique_ptr<EventSpool>(new EventSpool(lease, std::move(file)));
}

std::unique_ptr<EventSpool> EventSpool::in_memory(const job::Lease& lease) {
  return std::unique_ptr<EventSpool>(new EventSpool(lease, std::nullopt));
}

Result<std::unique_ptr<EventSpool>> EventSpool::recover(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(RecordFile::Opened opened, RecordFile::open(path));
  const std::optional<Header> header = parse_header(opened.records);
  if (!header) {
    return failure(StatusCode::kDataLoss, path.string() + " names no lease: the worker died while it made the file");
  }
  std::unique_ptr<EventSpool> spool(new EventSpool(header->lease, std::move(opened.file)));
  spool->last_sequence_ = header->freed;
  for (std::size_t i = 1; i < opened.records.size(); ++i) {
    const std::string_view record = opened.records[i];
    if (record.front() == 'F') spool->finish_ = parse_finish(record.substr(1));
    if (record.front() != 'E') continue;
    auto event = parse_event(record.substr(1), header->lease);
    if (!event || event->sequence != spool->last_sequence_ + 1) {
      return failure(StatusCode::kDataLoss, path.string() + ": record " + std::to_string(i) + " is not event " +
                                                std::to_string(spool->last_sequence_ + 1));
    }
    spool->last_sequence_ = event->sequence;
    spool->events_.push_back(std::move(*event));
  }
  spool->synced_sequence_ = spool->last_sequence_;
  return spool;
}

Status EventSpool::append(Time time, job::EventBody body, SteadyTime now) {
  const std::lock_guard lock(mutex_);
  job::Event event{lease_.trial, lease_.attempt, last_sequence_ + 1, time, std::move(body)};
  if (file_) OODML_RETURN_IF_ERROR(file_->append(event_record(event)));
  ++last_sequence_;
  events_.push_back(std::move(event));
  if (!unsynced_since_) unsynced_since_ = now;
  if (last_sequence_ - synced_sequence_ >= static_cast<std::int64_t>(kSyncEvery)) return sync_locked();
  return {};
}

Status EventSpool::sync_if_due(SteadyTime now) {
  const std::lock_guard lock(mutex_);
  if (!unsynced_since_ || now < *unsynced_since_ + kSyncAfter) return {};
  return sync_locked();
}

Status EventSpool::sync_locked() {
  if (file_) OODML_RETURN_IF_ERROR(file_->sync());
  synced_sequence_ = last_sequence_;
  unsynced_since_.reset();
  return {};
}

Status EventSpool::append_finish(job::Outcome outcome, const std::string& message) {
  const std::lock_guard lock(mutex_);
  finish_ = PendingFinish{random_hex_128(), outcome, message.substr(0, 4000), last_sequence_};
  Status written = file_ ? file_->append(finish_record(*finish_)) : Status();
  if (written.ok()) written = sync_locked();
  synced_sequence_ = last_sequence_;  // From here on memory is as good as it gets.
  unsynced_since_.reset();
  return written;
}

std::vector<job::Event> EventSpool::next_batch(std::size_t max_events) const {
  const std::lock_guard lock(mutex_);
  std::vector<job::Event> batch;
  for (const job::Event& event : events_) {
    if (event.sequence > synced_sequence_ || batch.size() == max_events) break;
    batch.push_back(event);
  }
  return batch;
}

void EventSpool::free_up_to(std::int64_t durable) {
  const std::lock_guard lock(mutex_);
  while (!events_.empty() && events_.front().sequence <= durable) {
    freed_bytes_ += event_record(events_.front()).size() + 8;
    events_.pop_front();
  }
  if (file_ && freed_bytes_ > kCompactBytes && freed_bytes_ > file_->size() / 2) compact_locked();
}

/// Writes what is left into a new file that takes the old one's place. A disk that refuses costs nothing: the old
/// file stays, and the next call tries again.
void EventSpool::compact_locked() {
  if (finish_) return;
  const std::filesystem::path path = file_->path();
  const std::filesystem::path fresh_path = path.string() + ".new";
  auto fresh = RecordFile::create(fresh_path);
  if (!fresh.has_value()) return;
  const std::int64_t freed = events_.empty() ? last_sequence_ : events_.front().sequence - 1;
  Status written = fresh->append(header_record(lease_, freed));
  for (const job::Event& event : events_) {
    if (written.ok()) written = fresh->append(event_record(event));
  }
  if (written.ok()) written = fresh->sync();
  if (!written.ok() || ::rename(fresh_path.c_str(), path.c_str()) != 0) {
    ::unlink(fresh_path.c_str());
    return;
  }
  fresh->moved_to(path);
  file_ = std::move(*fresh);
  freed_bytes_ = 0;
  synced_sequence_ = last_sequence_;
  unsynced_since_.reset();
}

bool EventSpool::has_news() const {
  const std::lock_guard lock(mutex_);
  return finish_.has_value() || (!events_.empty() && events_.front().sequence <= synced_sequence_);
}

std::size_t EventSpool::backlog() const {
  const std::lock_guard lock(mutex_);
  return events_.size();
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
  events_.clear();
  if (!file_) return;
  ::unlink(file_->path().c_str());
  file_.reset();
}

}  // namespace oodml::worker
