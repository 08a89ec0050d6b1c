#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace oodml::coordinator::store {

/// What SQLite answered, with the database's path. Thrown by Connection and Rows inside a transaction; Writer,
/// Readers and JobStore::open catch it and hand on its Status, so callers of the store never see it.
class SqliteError final : public std::runtime_error {
 public:
  explicit SqliteError(Status status, bool disk_failed = false)
      : std::runtime_error(status.message()), status_(std::move(status)), disk_failed_(disk_failed) {}
  const Status& status() const { return status_; }
  /// What is on disk is not known any more: a read, write or sync failed, or pages are damaged. Trying again proves
  /// nothing, as the kernel may have dropped what it could not write. A full disk is none of these: it refused.
  bool disk_failed() const { return disk_failed_; }

 private:
  Status status_;
  bool disk_failed_;
};

/// Bytes that are no text, for Rows::bind.
struct Blob {
  std::string_view bytes;
};

/// A running query. NaN is stored as NULL, as SQLite has no NaN: number() turns it back.
class Rows {
 public:
  Rows(sqlite3_stmt* statement, bool* in_use, const std::filesystem::path* path);
  Rows(Rows&& other) noexcept;
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  bool next();
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;
  std::string text(int column) const;
  std::string blob(int column) const;
  /// A text or blob as it lies in SQLite, until the next row; empty of NULL.
  std::string_view bytes(int column) const;
  std::optional<std::int64_t> maybe_integer(int column) const;
  std::optional<Time> maybe_time(int column) const;

  void bind(int index, std::int64_t value);
  void bind(int index, double value);
  void bind(int index, std::string_view value);
  void bind(int index, Blob value);
  void bind(int index, std::nullopt_t);
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, Time value) { bind(index, to_millis(value)); }
  void bind(int index, TrialId value) { bind(index, value.value); }
  void bind(int index, SweepId value) { bind(index, value.value); }
  template <typename T>
  void bind(int index, const std::optional<T>& value) {
    if (value) {
      bind(index, *value);
    } else {
      bind(index, std::nullopt);
    }
  }

 private:
  void check(int code) const;

  sqlite3_stmt* statement_;
  bool* in_use_;  ///< of the cached statement; nullptr when this object owns the statement
  const std::filesystem::path* path_;
};

enum class Access {
  kWrite,  ///< Makes the file when missing; the only one that checkpoints.
  kRead,   ///< Never writes, never checkpoints: before SQLite 3.51.3 two resetters of a WAL can corrupt it.
};

enum class Checkpoint {
  kPassive,   ///< Moves what no reader needs in the log any more.
  kTruncate,  ///< Moves all and empties the log's file; kUnavailable where a reader is in the way.
};

/// The write-ahead log in pages: how many it has, and how many of them have been moved into the database.
struct LogPages {
  int written = 0, moved = 0;
};

/// How far a copy is.
struct CopyStep {
  std::int64_t pages_left = 0, pages = 0;
};

/// One connection, for one thread at a time; statements are prepared once.
class Connection {
 public:
  /// One that writes checkpoints when it is told to, and when it is the last one to close.
  Connection(const std::filesystem::path& path, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  template <typename... Values>
  Rows query(std::string_view sql, const Values&... values) {
    Rows rows = prepare(sql);
    int index = 0;
    (rows.bind(++index, values), ...);
    return rows;
  }

  /// Runs a statement to its end; the number of rows it changed.
  template <typename... Values>
  std::int64_t execute(std::string_view sql, const Values&... values) {
    Rows rows = query(sql, values...);
    while (rows.next()) {
    }
    return changes();
  }

  /// Several statements without values.
  void script(const std::string& sql);
  std::int64_t last_insert_id() const;
  bool in_transaction() const;
  /// Rows that were inserted, changed or removed since it was opened, those of triggers among them.
  std::int64_t total_changes() const;
  const std::filesystem::path& path() const { return path_; }

  /// From the log into the database, synced on both sides. Does not wait for readers.
  LogPages checkpoint(Checkpoint mode);
  /// Pages in the log after this connection's last commit.
  int log_pages() const { return log_pages_; }

  /// The database as this connection sees it now, whatever others commit meanwhile, into a file that is empty; no
  /// transaction may be open. Asks `go_on` after every so many pages; false: it said no. Nothing is synced.
  bool copy_into(const std::filesystem::path& file, int pages_a_step, const std::function<bool(CopyStep)>& go_on);

  /// Statements fail with kCancelled from then on.
  void set_deadline(std::chrono::steady_clock::time_point deadline) { deadline_ = deadline; }
  /// They do at once, until told otherwise. From any thread.
  void interrupt(bool on) { interrupted_ = on; }

 private:
  struct Cached {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;
  };
  Rows prepare(std::string_view sql);
  void forget_idle_statements();
  std::int64_t changes() const;

  std::filesystem::path path_;
  sqlite3* handle_ = nullptr;
  int log_pages_ = 0;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  std::atomic<bool> interrupted_ = false;
  /// Found by a text without a string being made of it.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::unique_ptr<Cached>, TextHash, std::equal_to<>> cache_;
};

}  // namespace oodml::coordinator::store
