#include "coordinator/rpc/listen.h"

#include <netdb.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace oodml::coordinator::rpc {
namespace {

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

Status check_exposure(const Address& address, const Security& security) {
  if (security.tls_cert.empty() != security.tls_key.empty()) {
    return invalid_argument(security.tls_key.empty() ? "--tls-cert without --tls-key" : "--tls-key without --tls-cert");
  }
  if (address.is_loopback() || security.insecure) return Status();
  std::string missing;
  if (security.tls_cert.empty()) missing = "--tls-cert and --tls-key";
  if (security.tokens.empty()) missing += (missing.empty() ? "" : ", and ") + std::string("--tokens");
  if (missing.empty()) return Status();
  return failed_precondition("refusing to listen on " + address.text() +
                             ", where other machines can connect, without " + missing +
                             "; give them, listen on 127.0.0.1, or accept the risk with --insecure");
}

Result<std::optional<ServerCertificate>> certificate_of(const Security& security, Time now) {
  if (security.tls_cert.empty()) return std::optional<ServerCertificate>();
  OODML_ASSIGN_OR_RETURN(ServerCertificate own, read_server_certificate(security.tls_cert, security.tls_key, now));
  for (const std::string& warning : own.warnings) spdlog::warn("{}", warning);
  return std::optional<ServerCertificate>(std::move(own));
}

Result<std::optional<Tokens>> tokens_of(const Security& security) {
  if (security.tokens.empty()) return std::optional<Tokens>();
  OODML_ASSIGN_OR_RETURN(Tokens tokens, Tokens::load(security.tokens));
  for (const std::string& warning : tokens.warnings()) spdlog::warn("{}", warning);
  return std::optional<Tokens>(std::move(tokens));
}

std::string why_not_bound(const Address& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (error != 0) return ::gai_strerror(error);
  const int reason = bind_errno(*found);
  ::freeaddrinfo(found);
  return reason == 0 ? "gRPC could not start there" : std::generic_category().message(reason);
}

}  // namespace oodml::coordinator::rpc
