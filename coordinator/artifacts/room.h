#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>

#include "core/base/result.h"

namespace oodml::coordinator::artifacts {

struct RoomLimits {
  std::int64_t quota_bytes = 0;             ///< All contents together; 0: as the disk has room.
  std::int64_t reserve_mib = 1024;          ///< What stays free of the disk: the database has to grow, too.
  std::int64_t largest_bytes = 64LL << 30;  ///< One content.
};

/// How much may still be stored. Safe from any thread.
class Room {
 public:
  Room(std::filesystem::path root, RoomLimits limits) : root_(std::move(root)), limits_(limits) {}

  /// Takes room for a content of so many bytes. kResourceExhausted says which limit is in the way, and what it leaves.
  Status take(std::int64_t bytes);
  /// What is not stored after all, or no more.
  void give_back(std::int64_t bytes);
  /// What lies there from before; not refused.
  void count(std::int64_t bytes);
  std::int64_t taken();
  /// Whether the disk has room for so many bytes beside the reserve.
  Status check_disk(std::int64_t bytes) const;

 private:
  const std::filesystem::path root_;
  const RoomLimits limits_;
  std::mutex mutex_;
  std::int64_t taken_ = 0;  // guarded by mutex_
};

}  // namespace oodml::coordinator::artifacts
