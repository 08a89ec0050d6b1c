#include "tests/integration/credentials.h"

namespace oodml::testing {

std::shared_ptr<grpc::ChannelCredentials> caller_credentials(const Security& security, const char* token) {
  if (!security.tls()) return grpc::InsecureChannelCredentials();
  return grpc::CompositeChannelCredentials(grpc::SslCredentials({.pem_root_certs = security.authority()}),
                                           grpc::AccessTokenCredentials(token));
}

ProxyCredentials proxy_credentials(const Security& security) {
  if (!security.tls()) return {};
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({security.server().key, security.server().certificate});
  return {.callers = grpc::SslServerCredentials(options),
          .server = grpc::SslCredentials({.pem_root_certs = security.authority()})};
}

}  // namespace oodml::testing
