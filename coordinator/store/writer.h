#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "coordinator/store/log_keeper.h"
#include "coordinator/store/readers.h"
#include "coordinator/store/sqlite.h"
#include "core/base/result.h"

namespace oodml::coordinator::store {

/// Called once, from the writer's thread, when the disk failed under a write (SqliteError::disk_failed). A program ends
/// here, before anything is answered: its next start reads what is on disk, and whoever had no answer asks again.
/// Where it returns (tests), the writer takes no command any more and answers all kUnavailable.
using DiskFailed = std::function<void(const Status&)>;

/// The one thread that writes. Commands are run in the order they were pushed, those with many rows after the others;
/// those that wait together are committed together (one fsync), each under a savepoint of its own so that a failing one
/// takes back only itself.
class Writer {
 public:
  struct Command {
    /// May run more than once: after a group was lost to a full disk its commands are tried one by one.
    std::function<Status(Connection&)> work;
    /// After the commit, on the writer's thread, in the order of the commands.
    std::function<void(Status)> done;
    /// Of a command that only adds rows, how many: few of those are in one commit, and the others pass them, so that a
    /// lease does not wait for events. 0: any other.
    std::size_t rows = 0;
  };

  Writer(std::unique_ptr<Connection> connection, Readers& readers, LogLimits limits, DiskFailed disk_failed);
  ~Writer() { stop(); }

  /// From any thread. After stop began, `done` gets kUnavailable at once; kResourceExhausted when too many wait.
  void push(Command command);
  /// Commits what was pushed and moves the log into the database, then ends the thread.
  void stop();

 private:
  void loop();
  std::vector<Command> next_group();
  std::vector<Status> outcomes_of(std::vector<Command>& group);
  std::vector<Status> commit(std::vector<Command>& group);
  Status run(Command& command);
  void keep_log(void (LogKeeper::*step)());
  void give_up(const SqliteError& error);

  std::unique_ptr<Connection> connection_;  // used by thread_ only, as are log_keeper_ and given_up_
  LogKeeper log_keeper_;
  const DiskFailed disk_failed_;
  bool given_up_ = false;
  std::mutex mutex_;  // guards waiting_, waiting_rows_, stopping_
  std::condition_variable wake_;
  std::deque<Command> waiting_;
  std::deque<Command> waiting_rows_;  // those with rows
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace oodml::coordinator::store
