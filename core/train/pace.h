#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/base/clock.h"

namespace oodml::train {

/// When progress is told, and how long the rest will take.
class Pace {
 public:
  Pace(const Clock& clock, std::chrono::milliseconds interval) : clock_(clock), interval_(interval) {}

  /// True at most once an interval; the first time at once.
  bool due();

  // What has been done, as far as it says something about the rest.
  void steps_done(std::int64_t steps, double seconds);
  void evaluation_done(double seconds);
  /// Seconds; negative before the first step.
  double seconds_left(std::int64_t steps, std::int64_t evaluations) const;

 private:
  const Clock& clock_;
  std::chrono::milliseconds interval_;
  std::optional<std::chrono::steady_clock::time_point> last_;
  std::int64_t steps_ = 0, evaluations_ = 0;
  double step_seconds_ = 0.0, evaluation_seconds_ = 0.0;
};

}  // namespace oodml::train
