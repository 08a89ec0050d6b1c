#include "coordinator/store/sqlite.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <utility>

namespace oodml::coordinator::store {
namespace {

bool is_full(int system_error) { return system_error == ENOSPC || system_error == EDQUOT; }

StatusCode code_of(int sqlite_code, int system_error) {
  switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return StatusCode::kResourceExhausted;
    case SQLITE_IOERR:
      return is_full(system_error) ? StatusCode::kResourceExhausted : StatusCode::kInternal;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StatusCode::kDataLoss;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return StatusCode::kPermissionDenied;
    case SQLITE_CANTOPEN:
      return system_error == ENOENT ? StatusCode::kNotFound : StatusCode::kPermissionDenied;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StatusCode::kUnavailable;
    case SQLITE_INTERRUPT:
      return StatusCode::kCancelled;
    default:
      return StatusCode::kInternal;
  }
}

constexpr std::size_t kMostStatements = 200;
constexpr int kBytesOfScrap = 1200, kScraps = 400;  // of memory that statements take while they run, without malloc
constexpr int kBusyMillis = 5000;
constexpr int kStepsBetweenLooks = 1000;  // of SQLite's virtual machine, some microseconds

/// The failed call of an extended I/O error, for the log.
constexpr std::array<std::pair<int, const char*>, 13> kFailedCalls = {{
    {SQLITE_IOERR_READ, "read"},
    {SQLITE_IOERR_SHORT_READ, "read"},
    {SQLITE_IOERR_WRITE, "write"},
    {SQLITE_IOERR_FSYNC, "fsync"},
    {SQLITE_IOERR_DIR_FSYNC, "fsync of the folder"},
    {SQLITE_IOERR_TRUNCATE, "truncate"},
    {SQLITE_IOERR_FSTAT, "fstat"},
    {SQLITE_IOERR_DELETE, "delete"},
    {SQLITE_IOERR_SHMOPEN, "open of the shared memory"},
    {SQLITE_IOERR_SHMSIZE, "size of the shared memory"},
    {SQLITE_IOERR_SHMMAP, "map of the shared memory"},
    {SQLITE_IOERR_LOCK, "lock"},
    {SQLITE_IOERR_RDLOCK, "lock"},
}};

std::string failed_call(int code) {
  for (const auto& [known, call] : kFailedCalls) {
    if (known == code) return std::string(", ") + call + " failed";
  }
  return "";
}

/// SQLite's count of its memory, which nobody reads, is a mutex of all connections around each of its allocations.
void count_no_memory() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);
}

bool is_disk_failure(int code, int system_error) {
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return true;
    case SQLITE_IOERR: {
      // A sync that finds no space comes too late: it was promised when the pages were written.
      const bool synced = code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
      return code != SQLITE_IOERR_NOMEM && (synced || !is_full(system_error));
    }
    default:
      return false;
  }
}

/// errno of a failed call. SQLite loses it in a commit, but the files keep their last one, the database's and the
/// log's: of two that differ the one that is no full disk counts.
int system_error_of(sqlite3* handle, int code) {
  const int known = sqlite3_system_errno(handle);
  if (known != 0 || (code & 0xff) != SQLITE_IOERR) return known;
  int of_database = 0, of_log = 0;
  sqlite3_file_control(handle, nullptr, SQLITE_FCNTL_LAST_ERRNO, &of_database);
  sqlite3_file* log = nullptr;
  sqlite3_file_control(handle, nullptr, SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log && log->pMethods) log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &of_log);
  return of_log != 0 && (of_database == 0 || is_full(of_database)) ? of_log : of_database;
}

[[noreturn]] void fail(sqlite3* handle, int code, const std::filesystem::path& path) {
  const int extended = handle ? sqlite3_extended_errcode(handle) : code;
  const int system_error = handle ? system_error_of(handle, extended) : 0;
  std::string message = "database " + path.string() + ": " + (handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code)) +
                        failed_call(extended);
  if (system_error != 0) message += " (" + std::generic_category().message(system_error) + ")";
  throw SqliteError(Status(code_of(extended, system_error), std::move(message)),
                    is_disk_failure(extended, system_error));
}

}  // namespace

Rows::Rows(sqlite3_stmt* statement, bool* in_use, const std::filesystem::path* path)
    : statement_(statement), in_use_(in_use), path_(path) {
  if (in_use_) *in_use_ = true;
}

Rows::Rows(Rows&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), in_use_(other.in_use_), path_(other.path_) {}

Rows::~Rows() {
  if (!statement_) return;
  if (!in_use_) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  *in_use_ = false;
}

void Rows::check(int code) const {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_), code, *path_);
}

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(sqlite3_db_handle(statement_), code, *path_);
  return false;
}

bool Rows::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t Rows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Rows::number(int column) const {
  return is_null(column) ? std::numeric_limits<double>::quiet_NaN() : sqlite3_column_double(statement_, column);
}

std::string Rows::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string();
}

std::string Rows::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string();
}

std::string_view Rows::bytes(int column) const {
  const auto* start = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return start ? std::string_view(start, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)))
               : std::string_view();
}

std::optional<std::int64_t> Rows::maybe_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<Time> Rows::maybe_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return from_millis(integer(column));
}

void Rows::bind(int index, std::int64_t value) { check(sqlite3_bind_int64(statement_, index, value)); }
void Rows::bind(int index, double value) { check(sqlite3_bind_double(statement_, index, value)); }
void Rows::bind(int index, Blob value) {
  check(sqlite3_bind_blob64(statement_, index, value.bytes.empty() ? "" : value.bytes.data(), value.bytes.size(),
                            SQLITE_TRANSIENT));
}
void Rows::bind(int index, std::nullopt_t) { check(sqlite3_bind_null(statement_, index)); }
void Rows::bind(int index, std::string_view value) {
  check(sqlite3_bind_text64(statement_, index, value.empty() ? "" : value.data(), value.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
}

Connection::Connection(const std::filesystem::path& path, Access access) : path_(path) {
  count_no_memory();
  const int flags = access == Access::kWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  if (const int code = sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
      code != SQLITE_OK) {
    sqlite3* handle = std::exchange(handle_, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closer(handle, &sqlite3_close);
    fail(handle, code, path_);
  }
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_LOOKASIDE, nullptr, kBytesOfScrap, kScraps);
  sqlite3_extended_result_codes(handle_, 1);
  try {
    sqlite3_busy_timeout(handle_, kBusyMillis);
    script("PRAGMA foreign_keys = ON;");
    if (access == Access::kRead) {
      sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
      script("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0;");
    }
    // In the place of SQLite's own checkpoints, which keep their errors to themselves.
    sqlite3_wal_hook(
        handle_,
        [](void* connection, sqlite3*, const char*, int pages) {
          static_cast<Connection*>(connection)->log_pages_ = pages;
          return SQLITE_OK;
        },
        this);
    sqlite3_progress_handler(
        handle_, kStepsBetweenLooks,
        [](void* connection) {
          const auto& self = *static_cast<const Connection*>(connection);
          const bool limited = self.deadline_ != std::chrono::steady_clock::time_point::max();
          return self.interrupted_ || (limited && std::chrono::steady_clock::now() > self.deadline_) ? 1 : 0;
        },
        this);
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Connection::~Connection() {
  for (const auto& [sql, cached] : cache_) sqlite3_finalize(cached ? cached->statement : nullptr);
  sqlite3_close(handle_);
}

/// Texts that hold a list of ids differ from call to call.
void Connection::forget_idle_statements() {
  std::erase_if(cache_, [](const auto& entry) {
    if (entry.second && entry.second->in_use) return false;
    if (entry.second) sqlite3_finalize(entry.second->statement);
    return true;
  });
}

Rows Connection::prepare(std::string_view sql) {
  if (cache_.size() >= kMostStatements) forget_idle_statements();
  auto known = cache_.find(sql);
  if (known == cache_.end()) known = cache_.emplace(sql, nullptr).first;
  std::unique_ptr<Cached>& cached = known->second;
  const bool nested = cached && cached->in_use;
  if (cached && !nested) return Rows(cached->statement, &cached->in_use, &path_);
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      nested ? 0 : SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) fail(handle_, code, path_);
  if (nested) return Rows(statement, nullptr, &path_);
  cached = std::make_unique<Cached>(Cached{.statement = statement});
  return Rows(statement, &cached->in_use, &path_);
}

void Connection::script(const std::string& sql) {
  if (const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK) {
    fail(handle_, code, path_);
  }
}

LogPages Connection::checkpoint(Checkpoint mode) {
  LogPages pages;
  sqlite3_busy_timeout(handle_, 0);
  const int code = sqlite3_wal_checkpoint_v2(
      handle_, nullptr, mode == Checkpoint::kPassive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE,
      &pages.written, &pages.moved);
  sqlite3_busy_timeout(handle_, kBusyMillis);
  if (code != SQLITE_OK) fail(handle_, code, path_);
  log_pages_ = std::max(pages.written, 0);
  return pages;
}

bool Connection::copy_into(const std::filesystem::path& file, int pages_a_step,
                           const std::function<bool(CopyStep)>& go_on) {
  int code = SQLITE_OK;
  bool wanted = true;
  {
    Connection target(file, Access::kWrite);
    target.script("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;");
    // An open read keeps the copy at one moment; without it every commit of another connection would begin it anew.
    script("BEGIN; SELECT count(*) FROM sqlite_master;");
    sqlite3_backup* const backup = sqlite3_backup_init(target.handle_, "main", handle_, "main");
    if (backup == nullptr) fail(target.handle_, SQLITE_ERROR, file);
    do {
      code = sqlite3_backup_step(backup, pages_a_step);
      wanted = go_on({.pages_left = sqlite3_backup_remaining(backup), .pages = sqlite3_backup_pagecount(backup)});
    } while (code == SQLITE_OK && wanted);
    sqlite3_backup_finish(backup);
    script("ROLLBACK");
    if (wanted && code != SQLITE_DONE) fail(target.handle_, code, file);
  }
  // It says of itself what the database says, that it has a write-ahead log; alone it is read without one.
  if (wanted) Connection(file, Access::kWrite).script("PRAGMA journal_mode = DELETE");
  return wanted;
}

std::int64_t Connection::last_insert_id() const { return sqlite3_last_insert_rowid(handle_); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
std::int64_t Connection::total_changes() const { return sqlite3_total_changes64(handle_); }
std::int64_t Connection::changes() const { return sqlite3_changes64(handle_); }

}  // namespace oodml::coordinator::store
