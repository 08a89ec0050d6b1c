#pragma once

#include <chrono>
#include <cstddef>

namespace oodml::coordinator::web {

/// How long the other side of a connection may take.
struct Patience {
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds head{10'000};   ///< for all of a request's head, from its first byte
  std::chrono::milliseconds body{30'000};   ///< for all of its body
  std::chrono::milliseconds idle{60'000};   ///< between requests
  std::chrono::milliseconds write{10'000};  ///< for one write, and a second more for each 32 KiB of it
};

struct HttpLimits {
  std::size_t connections = 256;               ///< at once; each has a thread
  std::size_t connections_of_an_address = 96;  ///< of those
  Patience patience = {};
};

struct StreamLimits {
  std::size_t streams = 128;              ///< at once: each keeps a connection and its thread
  std::size_t streams_of_a_visitor = 12;  ///< of those; a browser opens six connections to a host
  std::chrono::milliseconds between_batches{250};
  std::chrono::milliseconds heartbeat{15'000};
};

}  // namespace oodml::coordinator::web
