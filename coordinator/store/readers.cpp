#include "coordinator/store/readers.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace oodml::coordinator::store {
namespace {

std::string seconds_text(Duration duration) {
  const auto tenths = (duration.count() + 50) / 100;
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " s";
}

}  // namespace

Readers::Readers(const std::filesystem::path& path, ReadLimits limits) : limits_(limits) {
  for (int i = 0; i < std::max(limits.connections, 1); ++i) {
    free_.push_back(std::make_unique<Connection>(path, Access::kRead));
  }
}

Readers::Loan::Loan(Readers& readers) : readers(readers) {
  std::unique_lock lock(readers.mutex_);
  const auto may_have_one = [&] { return !readers.held_back_ && !readers.free_.empty(); };
  if (!readers.changed_.wait_for(lock, readers.limits_.longest_wait, may_have_one)) return;
  connection = std::move(readers.free_.back());
  readers.free_.pop_back();
  readers.lent_.push_back(connection.get());
  connection->interrupt(false);
  connection->set_deadline(std::chrono::steady_clock::now() + readers.limits_.longest_read);
}

Readers::Loan::~Loan() {
  if (connection == nullptr) return;
  {
    const std::lock_guard lock(readers.mutex_);
    readers.lent_.remove(connection.get());
    readers.free_.push_back(std::move(connection));
  }
  readers.changed_.notify_all();
}

Readers::Snapshot::~Snapshot() {
  try {
    connection.interrupt(false);
    connection.set_deadline(std::chrono::steady_clock::time_point::max());
    connection.execute("ROLLBACK");
  } catch (const SqliteError& error) {
    spdlog::error("end of a read: {}", error.what());
  }
}

Readers::Barrier::Barrier(Readers& readers) : readers(readers) {
  const std::lock_guard lock(readers.mutex_);
  readers.held_back_ = true;
}

Readers::Barrier::~Barrier() {
  {
    const std::lock_guard lock(readers.mutex_);
    readers.held_back_ = false;
  }
  readers.changed_.notify_all();
}

bool Readers::without_reads(Duration grace, const std::function<void()>& work) {
  const Barrier barrier(*this);
  {
    std::unique_lock lock(mutex_);
    const auto idle = [this] { return lent_.empty(); };
    if (!changed_.wait_for(lock, grace, idle)) {
      for (Connection* connection : lent_) connection->interrupt(true);
      if (!changed_.wait_for(lock, grace, idle)) return false;
    }
  }
  work();
  return true;
}

Status Readers::too_busy() const {
  return Status(StatusCode::kResourceExhausted, "the coordinator's database was busy with other reads for " +
                                                    seconds_text(limits_.longest_wait) + "; try again");
}

Status Readers::explained(const Status& status) const {
  if (status.code() != StatusCode::kCancelled) return status;
  return Status(StatusCode::kResourceExhausted,
                "the read was ended: it took longer than " + seconds_text(limits_.longest_read) +
                    ", or held up the coordinator's writes; ask for less, or try again");
}

}  // namespace oodml::coordinator::store
