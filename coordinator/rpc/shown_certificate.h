#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "core/connection/certificates.h"

namespace oodml::coordinator::rpc {

/// The certificate that a server shows, which can be exchanged while it listens. Safe from any thread.
class ShownCertificate {
 public:
  explicit ShownCertificate(const ServerCertificate& first);
  ~ShownCertificate();

  /// Shows another one at the handshakes from now on; connections that are there stay.
  void replace(const ServerCertificate& next);

  /// For one server, which must end before this.
  std::shared_ptr<grpc::ServerCredentials> credentials();

 private:
  class Shown;
  class Credentials;
  const std::shared_ptr<Shown> shown_;
  std::shared_ptr<Credentials> credentials_;
};

}  // namespace oodml::coordinator::rpc
