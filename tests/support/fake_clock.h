#pragma once

#include <mutex>

#include "core/base/clock.h"

namespace oodml::testing {

/// Time that moves only when a test says so.
class FakeClock final : public Clock {
 public:
  Time now() const override {
    const std::lock_guard lock(mutex_);
    return Time(elapsed_) + std::chrono::hours(24 * 365 * 50);
  }
  std::chrono::steady_clock::time_point steady_now() const override {
    const std::lock_guard lock(mutex_);
    return std::chrono::steady_clock::time_point(elapsed_);
  }
  void advance(Duration by) {
    const std::lock_guard lock(mutex_);
    elapsed_ += by;
  }

 private:
  mutable std::mutex mutex_;  // guards elapsed_
  Duration elapsed_{std::chrono::hours(1)};
};

}  // namespace oodml::testing
