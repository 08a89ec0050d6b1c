#include "coordinator/store/writer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace oodml::coordinator::store {
namespace {

constexpr std::size_t kLargestGroup = 512;     // bounds how long the first of a group waits for its reply
constexpr std::size_t kRowsOfAGroup = 10'000;  // likewise
constexpr std::size_t kMostWaiting = 20'000;   // beyond it, refusing is kinder than answering late

void take_back(Connection& database) {
  if (database.in_transaction()) database.script("ROLLBACK");
}

Status disk_gone() {
  return Status(StatusCode::kUnavailable,
                "the disk of the coordinator's database failed; ask again once the coordinator was started again");
}

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, Readers& readers, WriterOptions options)
    : connection_(std::move(connection)),
      log_keeper_(*connection_, readers, options.log),
      options_(std::move(options)),
      thread_([this] { loop(); }) {}

void Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Writer::push(Command command) {
  Status refusal;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      refusal = Status(StatusCode::kUnavailable, "the coordinator is stopping");
    } else if (const std::size_t waiting = waiting_.size() + waiting_rows_.size(); waiting >= kMostWaiting) {
      refusal = Status(StatusCode::kResourceExhausted,
                       std::to_string(waiting) + " changes wait for the coordinator's disk; try again later");
    } else {
      std::deque<Waiting>& line = command.rows == 0 ? waiting_ : waiting_rows_;
      line.push_back({.command = std::move(command), .since = options_.clock->steady_now()});
      wake_.notify_one();
      return;
    }
  }
  command.done(std::move(refusal));
}

WriterLoad Writer::load() const {
  const Steady now = options_.clock->steady_now();
  const std::lock_guard lock(mutex_);
  WriterLoad load{.commands = static_cast<std::int64_t>(waiting_.size() + waiting_rows_.size() + under_way_),
                  .oldest = {},
                  .log_pages = log_pages_};
  const auto look_at = [&](Steady since) {
    load.oldest = std::max(load.oldest, std::chrono::duration_cast<Duration>(now - since));
  };
  if (oldest_under_way_) look_at(*oldest_under_way_);
  if (!waiting_.empty()) look_at(waiting_.front().since);
  if (!waiting_rows_.empty()) look_at(waiting_rows_.front().since);
  return load;
}

std::vector<Writer::Command> Writer::next_group() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !waiting_.empty() || !waiting_rows_.empty(); });
  std::vector<Command> group;
  const auto take = [&](std::deque<Waiting>& from) {
    oldest_under_way_ = std::min(oldest_under_way_.value_or(from.front().since), from.front().since);
    group.push_back(std::move(from.front().command));
    from.pop_front();
  };
  while (!waiting_.empty() && group.size() < kLargestGroup) take(waiting_);
  for (std::size_t rows = 0; !waiting_rows_.empty();) {
    rows += waiting_rows_.front().command.rows;
    if (rows > kRowsOfAGroup && rows > waiting_rows_.front().command.rows) break;  // the first is always taken
    take(waiting_rows_);
  }
  under_way_ = group.size();
  return group;
}

void Writer::group_is_over() {
  const std::lock_guard lock(mutex_);
  under_way_ = 0;
  oldest_under_way_.reset();
}

void Writer::loop() {
  for (;;) {
    std::vector<Command> group = next_group();
    if (group.empty()) break;
    const std::vector<Status> outcomes = outcomes_of(group);
    group_is_over();
    for (std::size_t i = 0; i < group.size(); ++i) group[i].done(outcomes[i]);
    keep_log(&LogKeeper::after_commit);
  }
  keep_log(&LogKeeper::at_end);
}

std::vector<Status> Writer::outcomes_of(std::vector<Command>& group) {
  if (!given_up_) {
    try {
      return timed_commit(group);
    } catch (const SqliteError& error) {
      give_up(error);
    }
  }
  return std::vector<Status>(group.size(), disk_gone());
}

std::vector<Status> Writer::timed_commit(std::vector<Command>& group) {
  const Steady begin = options_.clock->steady_now();
  std::vector<Status> outcomes = commit(group);
  if (options_.committed) {
    options_.committed({.commands = group.size(), .took = options_.clock->steady_now() - begin});
  }
  return outcomes;
}

void Writer::keep_log(void (LogKeeper::*step)()) {
  if (given_up_) return;
  try {
    (log_keeper_.*step)();
    log_pages_ = log_keeper_.pages();
  } catch (const SqliteError& error) {
    give_up(error);
  }
}

void Writer::give_up(const SqliteError& error) {
  given_up_ = true;
  options_.disk_failed(error.status());
}

/// Throws when the whole transaction is lost.
Status Writer::run(Command& command) {
  try {
    return command.work(*connection_);
  } catch (const SqliteError& error) {
    if (error.disk_failed() || !connection_->in_transaction()) throw;  // SQLite took back everything: a full disk
    return error.status();
  } catch (const std::exception& error) {  // a bug in one command must not end the service for everyone
    spdlog::error("a command failed: {}", error.what());
    return Status(StatusCode::kInternal, error.what());
  }
}

Status Writer::run_under_savepoint(Command& command) {
  connection_->execute("SAVEPOINT command");
  Status status = run(command);
  if (!status.ok()) connection_->execute("ROLLBACK TO command");
  connection_->execute("RELEASE command");
  return status;
}

/// nullopt: one failed after it had written something.
std::optional<std::vector<Status>> Writer::run_together(std::vector<Command>& group) {
  std::vector<Status> outcomes;
  for (Command& command : group) {
    const std::int64_t before = connection_->total_changes();
    outcomes.push_back(run(command));
    if (!outcomes.back().ok() && connection_->total_changes() != before) return std::nullopt;
  }
  return outcomes;
}

/// Throws where the disk failed: then nothing of the group may be answered, as nobody knows what is on disk.
std::vector<Status> Writer::commit(std::vector<Command>& group) {
  std::vector<Status> outcomes;
  try {
    connection_->execute("BEGIN IMMEDIATE");
    if (auto together = run_together(group)) {
      outcomes = *std::move(together);
    } else {
      connection_->execute("ROLLBACK");
      connection_->execute("BEGIN IMMEDIATE");
      for (Command& command : group) outcomes.push_back(run_under_savepoint(command));
    }
    connection_->execute("COMMIT");
    return outcomes;
  } catch (const SqliteError& error) {
    if (error.disk_failed()) throw;
    take_back(*connection_);
    spdlog::error("{} command(s) not committed: {}", group.size(), error.what());
    if (group.size() == 1) return {error.status()};
  }
  // One command may have been too large for the disk while the others fit.
  outcomes.clear();
  for (Command& command : group) {
    std::vector<Command> alone(1);
    alone.front().work = command.work;
    outcomes.push_back(commit(alone).front());
  }
  return outcomes;
}

}  // namespace oodml::coordinator::store
