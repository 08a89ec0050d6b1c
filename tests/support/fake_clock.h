#pragma once

#include <mutex>

#include "core/base/clock.h"

namespace oodml::testing {

/// Time that moves only when a test says so: steady time forwards, the wall clock with it, and by itself as when
/// somebody sets it.
class FakeClock final : public Clock {
 public:
  Time now() const override {
    const std::lock_guard lock(mutex_);
    return Time(elapsed_ + set_by_) + std::chrono::hours(24 * 365 * 50);
  }
  std::chrono::steady_clock::time_point steady_now() const override {
    const std::lock_guard lock(mutex_);
    return std::chrono::steady_clock::time_point(elapsed_);
  }
  /// Both.
  void advance(Duration by) {
    const std::lock_guard lock(mutex_);
    elapsed_ += by;
  }
  /// The wall clock alone, forwards or (negative) back.
  void step_wall(Duration by) {
    const std::lock_guard lock(mutex_);
    set_by_ += by;
  }

 private:
  mutable std::mutex mutex_;  // guards what follows
  Duration elapsed_{std::chrono::hours(1)};
  Duration set_by_{0};
};

}  // namespace oodml::testing
