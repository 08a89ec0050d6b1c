#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace oodml {

/// Where a coordinator is: an IP address or host name, and a port. The one reader of such texts, for every program.
struct Address {
  std::string host = "127.0.0.1";  ///< An IPv6 address stands without its brackets.
  int port = 7070;

  /// HOST:PORT or [IPV6]:PORT of somebody to call; the port is 1 to 65535, and the host no 0.0.0.0. kInvalidArgument
  /// says what was given, what is wrong with it and what would be accepted.
  static Result<Address> parse(std::string_view text);
  /// The same for an address to listen on: port 0 takes a free one, 0.0.0.0 and [::] are every address of the machine,
  /// and localhost becomes 127.0.0.1, whatever the resolver makes of it.
  static Result<Address> parse_listening(std::string_view text);

  /// As it is written: [::1]:7070.
  std::string text() const;
  /// What is said here stays on this machine: 127.0.0.0/8, ::1, the same mapped into IPv6, or exactly localhost. No
  /// other name is, whatever it begins with (127.evil.example).
  bool is_loopback() const;
};

}  // namespace oodml
