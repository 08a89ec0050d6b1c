#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "core/base/clock.h"

namespace oodml::worker {

/// What the worker's threads wait on. A wait ends when its condition holds or the Clock reaches its deadline;
/// ring() makes every waiter look at once, and all look at the clock every `tick` of real time.
class Bell {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  Bell(const Clock& clock, Duration tick) : clock_(clock), tick_(tick) {}

  void ring() {
    const std::lock_guard lock(mutex_);
    ++rings_;
    condition_.notify_all();
  }

  /// True when `ready()` held before the deadline. `ready` runs without a lock and must be safe from this thread.
  template <typename Ready>
  bool wait_until(TimePoint deadline, Ready ready) {
    while (true) {
      const std::uint64_t heard = rings();
      if (ready()) return true;
      if (clock_.steady_now() >= deadline) return false;
      std::unique_lock lock(mutex_);
      condition_.wait_for(lock, tick_, [&] { return rings_ != heard; });
    }
  }

  template <typename Ready>
  void wait(Ready ready) {
    wait_until(TimePoint::max(), ready);
  }

  Duration tick() const { return tick_; }

 private:
  std::uint64_t rings() {
    const std::lock_guard lock(mutex_);
    return rings_;
  }

  const Clock& clock_;
  const Duration tick_;
  std::mutex mutex_;  // guards rings_
  std::condition_variable condition_;
  std::uint64_t rings_ = 0;
};

}  // namespace oodml::worker
