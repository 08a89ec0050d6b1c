#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/base/clock.h"
#include "core/job/event.h"

namespace oodml::worker {

/// Thins out progress: the newest one is let through once an interval, the ones between are dropped. It stands
/// before sequences are given, so that these stay without gaps.
class ProgressGate {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// One a second, and one in ten while `backlog` events wait for the coordinator.
  static Duration interval(std::int64_t backlog) {
    return backlog < kLongBacklog ? std::chrono::seconds(1) : std::chrono::seconds(10);
  }

  void offer(job::Progress progress) { waiting_ = std::move(progress); }

  /// The newest progress when its time has come.
  std::optional<job::Progress> take_due(TimePoint now, std::int64_t backlog) {
    if (!waiting_ || (last_ && now < *last_ + interval(backlog))) return std::nullopt;
    last_ = now;
    return take();
  }
  /// The newest progress at once, before the trial's last word.
  std::optional<job::Progress> take() { return std::exchange(waiting_, std::nullopt); }

 private:
  static constexpr std::int64_t kLongBacklog = 1000;
  std::optional<job::Progress> waiting_;
  std::optional<TimePoint> last_;
};

}  // namespace oodml::worker
