#include "coordinator/store/log_keeper.h"

#include <spdlog/spdlog.h>

namespace oodml::coordinator::store {
/// A full disk or a reader of another program only puts it off.
void LogKeeper::move(const std::function<void()>& checkpoint) {
  try {
    checkpoint();
  } catch (const SqliteError& error) {
    if (error.disk_failed()) throw;
    spdlog::warn("the write-ahead log stays at {} pages for now: {}", writer_.log_pages(), error.what());
  }
}

void LogKeeper::after_commit() {
  if (writer_.log_pages() < seen_) due_ = limits_.checkpoint_pages;  // the log began again
  seen_ = writer_.log_pages();
  if (seen_ < due_) return;
  if (seen_ >= limits_.most_pages && !readers_.log_is_held()) {
    make_room();
  } else {
    move([this] { writer_.checkpoint(Checkpoint::kPassive); });
  }
  seen_ = writer_.log_pages();
  due_ = seen_ + limits_.checkpoint_pages;
}

void LogKeeper::make_room() {
  const bool done =
      readers_.without_reads(limits_.grace, [this] { move([this] { writer_.checkpoint(Checkpoint::kTruncate); }); });
  if (!done) spdlog::warn("a read does not end; the write-ahead log has {} pages", writer_.log_pages());
}

void LogKeeper::at_end() {
  move([this] { writer_.checkpoint(Checkpoint::kTruncate); });
}

}  // namespace oodml::coordinator::store
