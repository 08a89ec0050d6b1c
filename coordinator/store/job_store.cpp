#include "coordinator/store/job_store.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "coordinator/store/arrival_table.h"
#include "coordinator/store/database_copy.h"
#include "coordinator/store/log_damage.h"
#include "core/base/atomic_file.h"
#include "core/base/private_file.h"

namespace oodml::coordinator::store {
namespace {

const SystemClock kSystemClock;

constexpr const char* kWriterPragmas =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;"
    "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;";

Status check_log(const std::filesystem::path& database, bool accept_damage) {
  OODML_ASSIGN_OR_RETURN(const auto damage, find_log_damage(database));
  if (!damage) return {};
  const std::string text = text_of(database, *damage);
  if (!accept_damage) return Status(StatusCode::kDataLoss, text);
  const std::filesystem::path log = database.string() + "-wal", kept = log.string() + ".damaged";
  std::error_code error;
  std::filesystem::copy_file(log, kept, std::filesystem::copy_options::overwrite_existing, error);
  if (error) return system_failure("copy " + log.string() + " to " + kept.string(), error.value());
  spdlog::error("{}; going on without it, as told to; the log as it was: {}", text, kept.string());
  return {};
}

/// The database holds what everybody's trials are, and digests of tokens: it is nobody else's to read. SQLite gives its
/// log and shared memory the mode of the file, which is therefore made here.
Status make_when_missing(const std::filesystem::path& database) {
  std::error_code error;
  if (std::filesystem::exists(database, error)) return {};
  OODML_ASSIGN_OR_RETURN(const int made, open_private(database));
  ::close(made);
  return {};
}

/// One that an earlier version made, or that somebody opened.
Status take_back(const std::filesystem::path& database) {
  bool changed = false;
  for (const char* part : {"", "-wal", "-shm", "-wal.damaged"}) {
    OODML_ASSIGN_OR_RETURN(const bool was_open, make_private(database.string() + part));
    changed = changed || was_open;
  }
  if (changed) spdlog::warn("others could read the database, nobody else can from now on: {}", database.string());
  return {};
}

/// What an earlier process left in the log is written and synced once more, as that process may have ended because a
/// sync failed: what we read back may be in the page cache only, and the kernel believes it to be written.
void settle_log(Connection& writer) {
  try {
    writer.checkpoint(Checkpoint::kTruncate);
  } catch (const SqliteError& error) {
    if (error.disk_failed()) throw;
    spdlog::warn("the write-ahead log stays as it is for now: {}", error.what());
  }
}

/// Submissions that an earlier process had not ended.
void give_up_interrupted(Connection& writer) {
  writer.script("BEGIN IMMEDIATE");
  give_up_arrivals(writer);
  writer.script("COMMIT");
}

}  // namespace

JobStore::~JobStore() {
  if (writer_) writer_->stop();
  readers_.reset();  // the writer's connection closes last: as the last one it removes the log
}

Status JobStore::copy_to(const std::filesystem::path& file, const std::function<bool()>& go_on) {
  const Readers::LogHold hold(*readers_);
  const std::filesystem::path log = path_.string() + "-wal";
  const std::uintmax_t most = std::uintmax_t{4096} * static_cast<std::uintmax_t>(limits_.most_pages_of_copy);
  bool log_is_full = false;
  Status status = copy_database(path_, file, [&](CopyStep) {
    std::error_code none;  // a database that is only shown may have no log
    const std::uintmax_t size = std::filesystem::file_size(log, none);
    log_is_full = !none && size > most;
    return !log_is_full && go_on();
  });
  if (!log_is_full) return status;
  return failure(StatusCode::kResourceExhausted, "the copy was given up: the write-ahead log grew to " +
                                                     std::to_string(most >> 20) +
                                                     " MiB meanwhile; try again when there is less to write");
}

Result<std::unique_ptr<JobStore>> JobStore::open(const std::filesystem::path& database, StoreOptions options,
                                                 const std::vector<Migration>& schema) {
  OODML_ASSIGN_OR_RETURN(OwnerLock lock, OwnerLock::take(database));
  OODML_RETURN_IF_ERROR(make_when_missing(database));
  OODML_RETURN_IF_ERROR(check_log(database, options.accept_damaged_log));
  std::unique_ptr<JobStore> store(new JobStore(database, std::move(lock), newest_version(schema), options.log));
  try {
    auto writer = std::make_unique<Connection>(database, Access::kWrite);
    // Before anything is touched: a database that is refused stays as it was.
    OODML_RETURN_IF_ERROR(check_version(*writer, schema));
    OODML_RETURN_IF_ERROR(take_back(database));
    writer->script(kWriterPragmas);
    OODML_RETURN_IF_ERROR(migrate(*writer, schema));
    if (newest_version(schema) == newest_version(migrations())) give_up_interrupted(*writer);
    settle_log(*writer);
    OODML_RETURN_IF_ERROR(sync_folder(database.has_parent_path() ? database.parent_path() : "."));
    store->readers_ = std::make_unique<Readers>(database, options.reads);
    store->writer_ =
        std::make_unique<Writer>(std::move(writer), *store->readers_,
                                 WriterOptions{.log = options.log,
                                               .disk_failed = std::move(options.disk_failed),
                                               .committed = std::move(options.committed),
                                               .clock = options.clock == nullptr ? &kSystemClock : options.clock});
  } catch (const SqliteError& error) {
    return failure(error.status());
  } catch (const std::exception& error) {  // what a migration found in the rows
    return failure(StatusCode::kDataLoss, "database " + database.string() + " cannot be brought to schema version " +
                                              std::to_string(newest_version(schema)) + ": " + error.what());
  }
  return store;
}

Result<std::unique_ptr<JobStore>> JobStore::open_to_read(const std::filesystem::path& database, ReadLimits reads,
                                                         const std::vector<Migration>& schema) {
  std::error_code error;
  if (!std::filesystem::exists(database, error)) {
    return error ? system_failure("look for database " + database.string(), error.value())
                 : not_found("no database " + database.string());
  }
  std::unique_ptr<JobStore> store(new JobStore(database, std::nullopt, newest_version(schema), LogLimits()));
  try {
    Connection connection(database, Access::kRead);
    OODML_RETURN_IF_ERROR(check_is_newest(connection, schema));
    store->readers_ = std::make_unique<Readers>(database, reads);
  } catch (const SqliteError& failed) {
    return failure(failed.status());
  }
  return store;
}

}  // namespace oodml::coordinator::store
