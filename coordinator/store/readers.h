#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::store {

struct ReadLimits {
  int connections = 2;
  Duration longest_wait = std::chrono::seconds(5);   ///< for a connection
  Duration longest_read = std::chrono::seconds(30);  ///< a read's state keeps the write-ahead log from starting again
};

/// Read-only connections, lent for one read each; a read sees one state of the database throughout. Nobody waits or
/// reads without end: what is over its limit is answered kResourceExhausted.
class Readers {
 public:
  Readers(const std::filesystem::path& path, ReadLimits limits);

  /// `read(Connection&)` gives a Result; SQLite's errors, and any other exception, become its failure.
  template <typename Read>
  auto read(Read&& read) -> decltype(read(std::declval<Connection&>())) {
    const Loan loan(*this);
    if (loan.connection == nullptr) return failure(too_busy());
    try {
      const Snapshot snapshot(*loan.connection);
      return read(*loan.connection);
    } catch (const SqliteError& error) {
      return failure(explained(error.status()));
    } catch (const std::exception& error) {
      return failure(StatusCode::kInternal, std::string("a read of the database failed: ") + error.what());
    }
  }

  /// Calls `work` while nobody reads: lends nothing new, lets reads under way end for `grace`, and then ends them as if
  /// they had read too long. False, and nothing called, when one does not end even so within another `grace`.
  bool without_reads(Duration grace, const std::function<void()>& work);

  /// While one lives somebody who is not lent a connection reads an old state for long (a copy): the log cannot begin
  /// again, and it is no use to end reads for that.
  class LogHold {
   public:
    explicit LogHold(Readers& readers) : holds_(readers.log_holds_) { ++holds_; }
    ~LogHold() { --holds_; }
    LogHold(const LogHold&) = delete;
    LogHold& operator=(const LogHold&) = delete;

   private:
    std::atomic<int>& holds_;
  };
  bool log_is_held() const { return log_holds_ > 0; }

 private:
  struct Loan {
    explicit Loan(Readers& readers);
    ~Loan();
    Readers& readers;
    std::unique_ptr<Connection> connection;  ///< null: none became free in time
  };
  struct Snapshot {
    explicit Snapshot(Connection& connection) : connection(connection) { connection.execute("BEGIN"); }
    ~Snapshot();
    Connection& connection;
  };
  struct Barrier {
    explicit Barrier(Readers& readers);
    ~Barrier();
    Readers& readers;
  };
  Status too_busy() const;
  Status explained(const Status& status) const;

  const ReadLimits limits_;
  std::atomic<int> log_holds_ = 0;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Connection>> free_;
  std::list<Connection*> lent_;
  bool held_back_ = false;  // nothing is lent
};

}  // namespace oodml::coordinator::store
