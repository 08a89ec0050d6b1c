#include "coordinator/store/readers.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace oodml::coordinator::store {

Readers::Readers(const std::filesystem::path& path, int count) {
  for (int i = 0; i < std::max(count, 1); ++i) free_.push_back(std::make_unique<Connection>(path, Access::kRead));
}

Readers::Loan::Loan(Readers& readers) : readers(readers) {
  std::unique_lock lock(readers.mutex_);
  readers.returned_.wait(lock, [&] { return !readers.free_.empty(); });
  connection = std::move(readers.free_.back());
  readers.free_.pop_back();
}

Readers::Loan::~Loan() {
  {
    const std::lock_guard lock(readers.mutex_);
    readers.free_.push_back(std::move(connection));
  }
  readers.returned_.notify_one();
}

Readers::Snapshot::~Snapshot() {
  try {
    connection.execute("ROLLBACK");
  } catch (const SqliteError& error) {
    spdlog::error("end of a read: {}", error.what());
  }
}

}  // namespace oodml::coordinator::store
