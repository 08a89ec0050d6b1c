#include "coordinator/rpc/shown_certificate.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

namespace oodml::coordinator::rpc {

/// What is shown now, numbered, so that a listener knows whether it has it.
class ShownCertificate::Shown {
 public:
  explicit Shown(ServerCertificate first) : certificate_(std::move(first)) {}

  void replace(ServerCertificate next) {
    const std::lock_guard lock(mutex_);
    certificate_ = std::move(next);
    ++number_;
  }

  /// For a listener that has the certificate with the number `had`, which becomes that of the answer; null: it has it.
  grpc_ssl_server_certificate_config* other_than(std::int64_t& had) const {
    const std::lock_guard lock(mutex_);
    if (std::exchange(had, number_) == number_) return nullptr;
    const grpc_ssl_pem_key_cert_pair pair{.private_key = certificate_.key.c_str(),
                                          .cert_chain = certificate_.chain.c_str()};
    // gRPC wants authorities for certificates of clients, though none is asked for: any will do.
    return grpc_ssl_server_certificate_config_create(pair.cert_chain, &pair, 1);
  }

 private:
  mutable std::mutex mutex_;
  ServerCertificate certificate_;  // guarded by mutex_
  std::int64_t number_ = 1;        // guarded by mutex_
};

/// gRPC's C++ side knows no certificate that changes but one read from files that it does not check; its core asks
/// before each handshake.
class ShownCertificate::Credentials final : public grpc::ServerCredentials {
 public:
  explicit Credentials(std::shared_ptr<const Shown> shown) : shown_(std::move(shown)) {}

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    grpc_server_credentials* const credentials =
        grpc_ssl_server_credentials_create_with_options(grpc_ssl_server_credentials_create_options_using_config_fetcher(
            GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE, fetch, this));
    const int port = grpc_server_add_http2_port(server, address.c_str(), credentials);
    grpc_server_credentials_release(credentials);
    return port;
  }

  static grpc_ssl_certificate_config_reload_status fetch(void* self, grpc_ssl_server_certificate_config** config) {
    auto& credentials = *static_cast<Credentials*>(self);
    *config = credentials.shown_->other_than(credentials.fetched_);
    return *config == nullptr ? GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED : GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const std::shared_ptr<const Shown> shown_;
  std::int64_t fetched_ = 0;  // the one listener's; guarded by Shown's mutex
};

ShownCertificate::ShownCertificate(const ServerCertificate& first) : shown_(std::make_shared<Shown>(first)) {}
ShownCertificate::~ShownCertificate() = default;

void ShownCertificate::replace(const ServerCertificate& next) { shown_->replace(next); }

std::shared_ptr<grpc::ServerCredentials> ShownCertificate::credentials() {
  credentials_ = std::make_shared<Credentials>(shown_);
  return credentials_;
}

}  // namespace oodml::coordinator::rpc
