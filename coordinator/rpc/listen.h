#pragma once

#include <grpcpp/security/server_credentials.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "coordinator/rpc/tokens.h"
#include "core/base/result.h"

namespace oodml::coordinator::rpc {

/// Where to listen: an IP address or host name and a port, 0 for a free one.
struct Endpoint {
  std::string host = "127.0.0.1";
  int port = 7070;

  /// HOST:PORT or [IPV6]:PORT.
  static Result<Endpoint> parse(std::string_view text);
  std::string text() const;
  /// 127.0.0.0/8, ::1 or localhost: nobody but this machine can connect.
  bool is_loopback() const;
};

/// Who may connect, and how.
struct Security {
  std::filesystem::path tls_cert;  ///< PEM, with the chain; empty: plaintext
  std::filesystem::path tls_key;   ///< PEM
  std::filesystem::path tokens;    ///< see Tokens; empty: nobody is asked for one
  bool insecure = false;           ///< the operator takes the risk of what is missing
};

/// kFailedPrecondition, in one line, when others than this machine could reach `endpoint` without TLS and tokens,
/// unless `insecure` says so. kInvalidArgument: certificate without key or the other way.
Status check_exposure(const Endpoint& endpoint, const Security& security);

/// Reads the files; failures name them.
Result<std::shared_ptr<grpc::ServerCredentials>> server_credentials(const Security& security);
Result<std::optional<Tokens>> tokens_of(const Security& security);

/// Why `endpoint` cannot be bound ("Address already in use"), for a message after gRPC failed to.
std::string why_not_bound(const Endpoint& endpoint);

}  // namespace oodml::coordinator::rpc
