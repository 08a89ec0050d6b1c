#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::store {

/// Read-only connections, lent for one read each; a read sees one state of the database throughout.
class Readers {
 public:
  Readers(const std::filesystem::path& path, int count);

  /// `read(Connection&)` gives a Result; SQLite's errors, and any other exception, become its failure.
  template <typename Read>
  auto read(Read&& read) -> decltype(read(std::declval<Connection&>())) {
    const Loan loan(*this);
    try {
      const Snapshot snapshot(*loan.connection);
      return read(*loan.connection);
    } catch (const SqliteError& error) {
      return failure(error.status());
    } catch (const std::exception& error) {
      return failure(StatusCode::kInternal, std::string("a read of the database failed: ") + error.what());
    }
  }

 private:
  struct Loan {
    explicit Loan(Readers& readers);
    ~Loan();
    Readers& readers;
    std::unique_ptr<Connection> connection;
  };
  struct Snapshot {
    explicit Snapshot(Connection& connection) : connection(connection) { connection.execute("BEGIN"); }
    ~Snapshot();
    Connection& connection;
  };

  std::mutex mutex_;  // guards free_
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> free_;
};

}  // namespace oodml::coordinator::store
