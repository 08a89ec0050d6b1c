#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace oodml {

/// Wall-clock time in milliseconds since the Unix epoch, UTC; what is stored and sent.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

/// Where code that needs the time gets it; tests hand in a FakeClock (tests/support/fake_clock.h).
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  /// Never jumps; for lease terms and timeouts. Its zero has no meaning.
  virtual std::chrono::steady_clock::time_point steady_now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  std::chrono::steady_clock::time_point steady_now() const override;
};

inline std::int64_t to_millis(Time time) { return time.time_since_epoch().count(); }
inline Time from_millis(std::int64_t millis) { return Time(Duration(millis)); }

/// "2026-11-22T04:15:47Z", seconds resolution.
std::string to_iso8601(Time time);

}  // namespace oodml
