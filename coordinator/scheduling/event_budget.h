#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/job/event.h"

namespace oodml::coordinator::scheduling {

/// About how much memory they take.
std::int64_t bytes_of(const std::vector<job::Event>& events);

/// How many events may wait for the disk: of one lease, so that who says too much makes only itself wait, and of all,
/// so that what comes faster than the disk takes it does not fill the memory. Not thread-safe.
class EventBudget {
 public:
  static constexpr std::int64_t kOfALease = 4 << 20;  ///< Bytes; one batch is taken however large it is.
  static constexpr std::int64_t kOfAll = 32 << 20;    ///< Some seconds of a slow disk.

  /// Counts them until give_back; kResourceExhausted when there is no room.
  Status take(const LeaseId& lease, std::int64_t bytes);
  void give_back(const LeaseId& lease, std::int64_t bytes);

 private:
  std::int64_t all_ = 0;
  std::unordered_map<std::string, std::int64_t> by_lease_;
};

}  // namespace oodml::coordinator::scheduling
