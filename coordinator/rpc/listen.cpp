#include "coordinator/rpc/listen.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "core/base/pem_file.h"

namespace oodml::coordinator::rpc {
namespace {

Failure bad_endpoint(std::string_view text) {
  return invalid_argument("cannot listen on '" + std::string(text) +
                          "'; HOST:PORT wanted, as 127.0.0.1:7070, [::1]:7070 or 0.0.0.0:0 (0: a free port)");
}

int bind_errno(const addrinfo& address) {
  const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return errno;
  const int reuse = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse));
  const bool bound = ::bind(socket, address.ai_addr, address.ai_addrlen) == 0 && ::listen(socket, 1) == 0;
  const int error = bound ? 0 : errno;
  ::close(socket);
  return error;
}

}  // namespace

Result<Endpoint> Endpoint::parse(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return bad_endpoint(text);
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    in6_addr ignored{};
    if (::inet_pton(AF_INET6, std::string(host).c_str(), &ignored) != 1) return bad_endpoint(text);
  } else if (host.find_first_of(":[]/ ") != std::string_view::npos) {
    return bad_endpoint(text);
  }
  Endpoint endpoint{.host = std::string(host)};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
  if (error != std::errc() || end != digits.data() + digits.size() || endpoint.port < 0 || endpoint.port > 65535) {
    return bad_endpoint(text);
  }
  if (endpoint.host == "localhost") endpoint.host = "127.0.0.1";  // whatever the resolver makes of it
  return endpoint;
}

std::string Endpoint::text() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool Endpoint::is_loopback() const {
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

Status check_exposure(const Endpoint& endpoint, const Security& security) {
  if (security.tls_cert.empty() != security.tls_key.empty()) {
    return invalid_argument(security.tls_key.empty() ? "--tls-cert without --tls-key" : "--tls-key without --tls-cert");
  }
  if (endpoint.is_loopback() || security.insecure) return Status();
  std::string missing;
  if (security.tls_cert.empty()) missing = "--tls-cert and --tls-key";
  if (security.tokens.empty()) missing += (missing.empty() ? "" : ", and ") + std::string("--tokens");
  if (missing.empty()) return Status();
  return failed_precondition("refusing to listen on " + endpoint.text() +
                             ", where other machines can connect, without " + missing +
                             "; give them, listen on 127.0.0.1, or accept the risk with --insecure");
}

Result<std::shared_ptr<grpc::ServerCredentials>> server_credentials(const Security& security) {
  if (security.tls_cert.empty()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions::PemKeyCertPair pair;
  OODML_ASSIGN_OR_RETURN(pair.cert_chain, read_pem_file(security.tls_cert, PemKind::kCertificate));
  OODML_ASSIGN_OR_RETURN(pair.private_key, read_pem_file(security.tls_key, PemKind::kPrivateKey));
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back(std::move(pair));
  return grpc::SslServerCredentials(options);
}

Result<std::optional<Tokens>> tokens_of(const Security& security) {
  if (security.tokens.empty()) return std::optional<Tokens>();
  OODML_ASSIGN_OR_RETURN(Tokens tokens, Tokens::load(security.tokens));
  return std::optional<Tokens>(std::move(tokens));
}

std::string why_not_bound(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (error != 0) return ::gai_strerror(error);
  const int reason = bind_errno(*found);
  ::freeaddrinfo(found);
  return reason == 0 ? "gRPC could not start there (are certificate and key a pair?)"
                     : std::generic_category().message(reason);
}

}  // namespace oodml::coordinator::rpc
