#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "coordinator/service/census.h"
#include "coordinator/store/log_keeper.h"
#include "coordinator/store/readers.h"
#include "coordinator/store/sqlite.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::store {

/// Called once, from the writer's thread, when the disk failed under a write (SqliteError::disk_failed). A program ends
/// here, before anything is answered: its next start reads what is on disk, and whoever had no answer asks again.
/// Where it returns (tests), the writer takes no command any more and answers all kUnavailable.
using DiskFailed = std::function<void(const Status&)>;

/// A transaction that was written.
struct Commit {
  std::size_t commands = 0;
  std::chrono::steady_clock::duration took{};  ///< The work of its commands and the sync; not their replies.
};
/// Called after each, from the writer's thread, before the replies: it must return at once.
using Committed = std::function<void(const Commit&)>;

struct WriterOptions {
  LogLimits log;
  DiskFailed disk_failed;  ///< needed
  Committed committed;     ///< May be empty.
  const Clock* clock;      ///< Of how long commands wait.
};

/// The one thread that writes. Commands are run in the order they were pushed, those with many rows after the others;
/// those that wait together are committed together (one fsync). One that fails takes back only itself: a group in which
/// one fails after it wrote is taken back and run once more, each under a savepoint of its own. Savepoints cost a copy
/// of every page that a command changes, and hardly any command fails so late.
class Writer {
 public:
  struct Command {
    /// May run more than once: with its group after one of it failed, and alone after the group was lost to a full
    /// disk.
    std::function<Status(Connection&)> work;
    /// After the commit, on the writer's thread, in the order of the commands.
    std::function<void(Status)> done;
    /// Of a command that only adds rows, how many: few of those are in one commit, and the others pass them, so that a
    /// lease does not wait for events. 0: any other.
    std::size_t rows = 0;
  };

  Writer(std::unique_ptr<Connection> connection, Readers& readers, WriterOptions options);
  ~Writer() { stop(); }

  /// From any thread. After stop began, `done` gets kUnavailable at once; kResourceExhausted when too many wait.
  void push(Command command);
  /// Waits for no disk.
  WriterLoad load() const;
  /// Commits what was pushed and moves the log into the database, then ends the thread.
  void stop();

 private:
  using Steady = std::chrono::steady_clock::time_point;
  struct Waiting {
    Command command;
    Steady since;
  };

  void loop();
  std::vector<Command> next_group();
  std::vector<Status> outcomes_of(std::vector<Command>& group);
  std::vector<Status> timed_commit(std::vector<Command>& group);
  void group_is_over();
  std::vector<Status> commit(std::vector<Command>& group);
  std::optional<std::vector<Status>> run_together(std::vector<Command>& group);
  Status run(Command& command);
  Status run_under_savepoint(Command& command);
  void keep_log(void (LogKeeper::*step)());
  void give_up(const SqliteError& error);

  std::unique_ptr<Connection> connection_;  // used by thread_ only, as are log_keeper_ and given_up_
  LogKeeper log_keeper_;
  const WriterOptions options_;
  bool given_up_ = false;
  std::atomic<std::int64_t> log_pages_ = 0;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  std::deque<Waiting> waiting_rows_;  // those with rows
  std::size_t under_way_ = 0;         // commands of the group that is being written
  std::optional<Steady> oldest_under_way_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace oodml::coordinator::store
