#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "coordinator/service/reply.h"
#include "coordinator/store/owner_lock.h"
#include "coordinator/store/readers.h"
#include "coordinator/store/schema.h"
#include "coordinator/store/writer.h"
#include "core/base/result.h"

namespace oodml::coordinator::store {

struct StoreOptions {
  ReadLimits reads;
  LogLimits log;
  bool accept_damaged_log = false;  ///< Go on without what a damaged write-ahead log had confirmed (log_damage.h).
  DiskFailed disk_failed;           ///< needed
  Committed committed = {};         ///< As in WriterOptions.
  const Clock* clock = nullptr;     ///< Likewise; null: the system's.
};

/// The coordinator's database: its lock, its one writer, its readers. The tables' own operations are functions on
/// a Connection (trial_table.h, attempt_table.h, ...), put together to transactions by those who need them.
class JobStore {
 public:
  static Result<std::unique_ptr<JobStore>> open(const std::filesystem::path& database, StoreOptions options,
                                                const std::vector<Migration>& schema = migrations());

  /// To read only: nothing is locked or changed, every write is refused. Another process may own the database.
  /// kNotFound: it is not there; kFailedPrecondition: its schema is not the newest of `schema`.
  static Result<std::unique_ptr<JobStore>> open_to_read(const std::filesystem::path& database, ReadLimits reads,
                                                        const std::vector<Migration>& schema = migrations());

  /// Commits what is under way; its replies may still read.
  ~JobStore();

  /// `work` in a transaction, `done` after its commit with what it gave, or why nothing was written. `done` runs on
  /// the writer's thread: it must return soon. `work` may run twice and must depend on the database only. `rows`: of
  /// what only adds them, how many (Writer::Command).
  template <typename T>
  void write(std::function<Result<T>(Connection&)> work, Reply<T> done, std::size_t rows = 0) {
    if (!writer_) return done(failed_precondition("the database was opened to be read only"));
    auto given = std::make_shared<Result<T>>(failure(StatusCode::kInternal, "the command did not run"));
    writer_->push(
        {.work =
             [given, work = std::move(work)](Connection& database) {
               *given = work(database);
               return given->has_value() ? Status() : given->error();
             },
         .done = [given, done = std::move(done)](
                     Status status) { done(status.ok() ? std::move(*given) : Result<T>(failure(std::move(status)))); },
         .rows = rows});
  }

  template <typename Read>
  auto read(Read&& read) {
    return readers_->read(std::forward<Read>(read));
  }

  /// The database as of one moment into `file` (database_copy.h). Nobody waits for it, and the log grows meanwhile, at
  /// most to LogLimits::most_pages_of_copy: beyond, kResourceExhausted.
  Status copy_to(const std::filesystem::path& file, const std::function<bool()>& go_on);

  /// Nothing of a database that is only read.
  WriterLoad writer_load() const { return writer_ ? writer_->load() : WriterLoad(); }

  std::int64_t schema_version() const { return schema_version_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  JobStore(std::filesystem::path path, std::optional<OwnerLock> lock, std::int64_t schema_version, LogLimits limits)
      : path_(std::move(path)), lock_(std::move(lock)), schema_version_(schema_version), limits_(limits) {}

  const std::filesystem::path path_;
  std::optional<OwnerLock> lock_;  ///< None of a database that is only read, and no writer.
  std::int64_t schema_version_;
  const LogLimits limits_;
  std::unique_ptr<Readers> readers_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace oodml::coordinator::store
