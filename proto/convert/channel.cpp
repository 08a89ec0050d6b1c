#include "proto/convert/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

namespace oodml::convert {

std::shared_ptr<grpc::Channel> open_channel(const ChannelOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options.max_reply_bytes);
  // gRPC's own pauses grow to two minutes: far longer than a coordinator's restart.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, static_cast<int>(options.longest_pause.count()));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  // Clusters set http_proxy for the world outside; the coordinator is inside.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);

  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = options.tls_ca;
  const auto credentials = options.tls_ca.empty() ? grpc::InsecureChannelCredentials() : grpc::SslCredentials(tls);
  return grpc::CreateCustomChannel(options.address, credentials, arguments);
}

}  // namespace oodml::convert
