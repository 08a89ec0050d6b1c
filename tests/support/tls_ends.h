#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/certificates.h"

namespace oodml::testing {

/// Lets a relay read what passes over TLS: it ends the client's TLS with the server's own certificate, and speaks TLS
/// to the server. Both sides check what they always check.
class TlsEnds {
 public:
  /// `authority`: PEM of those who may have signed the server's certificate.
  TlsEnds(const CertificateAndKey& server, const std::string& authority);
  ~TlsEnds();  ///< After the sockets that it gave were closed.

  /// A socket that carries in the clear what the peer of `fd` says and hears; takes `fd`. Ends when that ends, or when
  /// the handshake fails.
  int of_client(int fd);
  int of_server(int fd);

 private:
  using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
  int start(SSL* tls, int fd);

  Context accepting_, connecting_;
  std::vector<std::jthread> pumps_;  // of the relay's one thread
};

}  // namespace oodml::testing
