#pragma once

#include <functional>

#include "coordinator/store/readers.h"
#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::store {

struct LogLimits {
  int checkpoint_pages = 1000;               ///< 4 MiB: moved into the database whenever the log grew by so much.
  int most_pages = 16'384;                   ///< 64 MiB: from here on readers give way, so that the log begins again.
  int most_pages_of_copy = 262'144;          ///< 1 GiB: a copy during which it grows to that is given up.
  Duration grace = std::chrono::seconds(1);  ///< For reads under way then; the writer waits meanwhile.
};

/// Keeps the write-ahead log short. SQLite's own checkpoints never report a disk that failed, and a reader that holds
/// an old state, or readers that take turns, would let the log grow for as long as they like.
class LogKeeper {
 public:
  LogKeeper(Connection& writer, Readers& readers, LogLimits limits)
      : writer_(writer), readers_(readers), limits_(limits), due_(limits.checkpoint_pages) {}

  /// After each commit, from the writer's thread. Throws SqliteError where the disk failed.
  void after_commit();
  /// Before the writer's connection closes: all of the log into the database. Throws likewise.
  void at_end();
  /// Of the log, at the last look.
  int pages() const { return seen_; }

 private:
  void move(const std::function<void()>& checkpoint);
  void make_room();

  Connection& writer_;
  Readers& readers_;
  const LogLimits limits_;
  int seen_ = 0;  ///< pages at the last look
  int due_;       ///< pages from which on something is done
};

}  // namespace oodml::coordinator::store
