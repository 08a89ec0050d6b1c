#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>
#include <string>

namespace oodml::convert {

struct ChannelOptions {
  std::string address;  ///< HOST:PORT, unix:PATH
  std::string tls_ca;   ///< PEM of who must have signed the coordinator's certificate; empty: without TLS.
  int max_reply_bytes = 16 << 20;
  std::chrono::milliseconds longest_pause{5000};  ///< Between attempts to connect again.
};

/// A channel to a coordinator, for everything that calls one: after a restart it is found again within seconds, a dead
/// connection is noticed, and no proxy is asked. Connects with the first call.
std::shared_ptr<grpc::Channel> open_channel(const ChannelOptions& options);

}  // namespace oodml::convert
