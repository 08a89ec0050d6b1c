#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::daemon {

/// Whoever started this daemon and wants to be told how it is (NOTIFY_SOCKET: systemd's Type=notify). Nobody, and then
/// every call does nothing. What cannot be told is logged and changes nothing else. alive() belongs to one thread;
/// the others may be called from any.
class ServiceManager {
 public:
  /// Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment: children speak for themselves. Before
  /// there are threads.
  static ServiceManager from_environment();
  /// `socket` is a path or, beginning with @, an abstract name; empty: nobody. A watchdog wants a sign of life at least
  /// once in that time.
  explicit ServiceManager(std::string socket, std::optional<Duration> watchdog = std::nullopt);

  void ready(const std::string& status) const;   ///< The work begins; one line about it for `systemctl status`.
  void status(const std::string& status) const;  ///< What is being done or waited for.
  void stopping() const;
  /// Called often; a sign of life goes out when half of the watchdog's time is over.
  void alive(std::chrono::steady_clock::time_point now);

  /// One datagram of NAME=value lines, for tests and the above.
  Status send(const std::string& message) const;

 private:
  void tell(const std::string& message) const;

  std::string socket_;
  std::optional<Duration> watchdog_;
  std::optional<std::chrono::steady_clock::time_point> last_sign_;
};

}  // namespace oodml::daemon
