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

Writer::Writer(std::unique_ptr<Connection> connection, Readers& readers, LogLimits limits, DiskFailed disk_failed)
    : connection_(std::move(connection)),
      log_keeper_(*connection_, readers, limits),
      disk_failed_(std::move(disk_failed)),
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
      (command.rows == 0 ? waiting_ : waiting_rows_).push_back(std::move(command));
      wake_.notify_one();
      return;
    }
  }
  command.done(std::move(refusal));
}

std::vector<Writer::Command> Writer::next_group() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !waiting_.empty() || !waiting_rows_.empty(); });
  std::vector<Command> group;
  const auto take = [&group](std::deque<Command>& from) {
    group.push_back(std::move(from.front()));
    from.pop_front();
  };
  while (!waiting_.empty() && group.size() < kLargestGroup) take(waiting_);
  for (std::size_t rows = 0; !waiting_rows_.empty();) {
    rows += waiting_rows_.front().rows;
    if (rows > kRowsOfAGroup && rows > waiting_rows_.front().rows) break;  // the first of them is always taken
    take(waiting_rows_);
  }
  return group;
}

void Writer::loop() {
  for (;;) {
    std::vector<Command> group = next_group();
    if (group.empty()) break;
    const std::vector<Status> outcomes = outcomes_of(group);
    for (std::size_t i = 0; i < group.size(); ++i) group[i].done(outcomes[i]);
    keep_log(&LogKeeper::after_commit);
  }
  keep_log(&LogKeeper::at_end);
}

std::vector<Status> Writer::outcomes_of(std::vector<Command>& group) {
  if (!given_up_) {
    try {
      return commit(group);
    } catch (const SqliteError& error) {
      give_up(error);
    }
  }
  return std::vector<Status>(group.size(), disk_gone());
}

void Writer::keep_log(void (LogKeeper::*step)()) {
  if (given_up_) return;
  try {
    (log_keeper_.*step)();
  } catch (const SqliteError& error) {
    give_up(error);
  }
}

void Writer::give_up(const SqliteError& error) {
  given_up_ = true;
  disk_failed_(error.status());
}

/// Under a savepoint. Throws when the whole transaction is lost.
Status Writer::run(Command& command) {
  Connection& database = *connection_;
  database.execute("SAVEPOINT command");
  Status status;
  try {
    status = command.work(database);
  } catch (const SqliteError& error) {
    if (error.disk_failed() || !database.in_transaction()) throw;  // SQLite took back everything: a full disk
    status = error.status();
  } catch (const std::exception& error) {  // a bug in one command must not end the service for everyone
    spdlog::error("a command failed: {}", error.what());
    status = Status(StatusCode::kInternal, error.what());
  }
  if (!status.ok()) database.execute("ROLLBACK TO command");
  database.execute("RELEASE command");
  return status;
}

/// Throws where the disk failed: then nothing of the group may be answered, as nobody knows what is on disk.
std::vector<Status> Writer::commit(std::vector<Command>& group) {
  std::vector<Status> outcomes;
  try {
    connection_->execute("BEGIN IMMEDIATE");
    for (Command& command : group) outcomes.push_back(run(command));
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
