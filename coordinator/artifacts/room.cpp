#include "coordinator/artifacts/room.h"

#include <algorithm>
#include <string>

#include "core/base/free_space.h"

namespace oodml::coordinator::artifacts {

Status Room::take(std::int64_t bytes) {
  if (bytes > limits_.largest_bytes) {
    return Status(StatusCode::kResourceExhausted, "a content of " + std::to_string(bytes) +
                                                      " bytes; at most --artifact-largest-gib, " +
                                                      std::to_string(limits_.largest_bytes) + ", are taken");
  }
  OODML_RETURN_IF_ERROR(check_disk(bytes));
  const std::lock_guard lock(mutex_);
  const std::int64_t left = std::max<std::int64_t>(limits_.quota_bytes - taken_, 0);
  if (limits_.quota_bytes > 0 && bytes > left) {
    return Status(StatusCode::kResourceExhausted,
                  "a content of " + std::to_string(bytes) + " bytes; --artifact-quota-gib, " +
                      std::to_string(limits_.quota_bytes) + " bytes, leaves " + std::to_string(left));
  }
  taken_ += bytes;
  return {};
}

void Room::give_back(std::int64_t bytes) { count(-bytes); }

void Room::count(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  taken_ += bytes;
}

std::int64_t Room::taken() {
  const std::lock_guard lock(mutex_);
  return taken_;
}

Status Room::check_disk(std::int64_t bytes) const {
  return check_free_space(root_, limits_.reserve_mib + (bytes >> 20), "--artifact-reserve-mib with this content");
}

}  // namespace oodml::coordinator::artifacts
