#include "coordinator/rpc/long_poll.h"

#include <algorithm>
#include <utility>

namespace oodml::coordinator::rpc {

Duration waiting_time(std::chrono::system_clock::time_point now, std::chrono::system_clock::time_point deadline) {
  constexpr Duration kCap = std::chrono::seconds(60);
  constexpr Duration kWithoutDeadline = std::chrono::seconds(30);
  if (deadline == std::chrono::system_clock::time_point::max()) return kWithoutDeadline;
  const auto left = std::chrono::duration_cast<Duration>(deadline - now);
  return std::clamp(left * 4 / 5, Duration(0), kCap);
}

void Wait::set(std::shared_ptr<Leases::Pending> pending) {
  {
    const std::lock_guard lock(mutex_);
    pending_ = pending;
    if (!stopped_) return;
  }
  pending->cancel();
}

void Wait::stop() {
  std::shared_ptr<Leases::Pending> pending;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    pending = pending_;
  }
  if (pending != nullptr) pending->cancel();
}

void LongPoll::OnDone() {
  open_.remove(wait_);
  delete this;
}

}  // namespace oodml::coordinator::rpc
