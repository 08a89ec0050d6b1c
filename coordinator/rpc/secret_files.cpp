#include "coordinator/rpc/secret_files.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace oodml::coordinator::rpc {
namespace {

using Paths = std::vector<std::filesystem::path>;

Status said(Status status, const char* read, const char* kept) {
  if (status.ok()) {
    spdlog::info("{}", read);
  } else {
    spdlog::error("{}: {}", kept, status.text());
  }
  return status;
}

}  // namespace

WatchedSecrets::WatchedSecrets(const Security& security)
    : tokens(security.tokens.empty() ? Paths{} : Paths{security.tokens}),
      certificate(security.tls_cert.empty() ? Paths{} : Paths{security.tls_cert, security.tls_key}) {}

SecretFiles::SecretFiles(const Security& security, WatchedSecrets watched, TokenOwners& owners, Gate& gate,
                         ShownCertificate* shown)
    : security_(security), watched_(std::move(watched)), owners_(owners), gate_(gate), shown_(shown) {}

Status SecretFiles::read() {
  Status first;
  if (!security_.tokens.empty()) first = read_tokens();
  if (shown_ == nullptr) return first;
  Status second = read_certificate();
  return first.ok() ? second : first;
}

void SecretFiles::read_what_changed() {
  if (watched_.tokens.look()) static_cast<void>(read_tokens());
  if (watched_.certificate.look()) static_cast<void>(read_certificate());
}

Status SecretFiles::read_tokens() {
  const auto read = [&]() -> Status {
    OODML_ASSIGN_OR_RETURN(std::optional<Tokens> tokens, tokens_of(security_));
    owners_.keep_only(tokens->of_one_worker());
    gate_.replace(*std::move(tokens));
    return {};
  };
  return said(read(), "tokens read again", "the old tokens stay");
}

Status SecretFiles::read_certificate() {
  const auto read = [&]() -> Status {
    OODML_ASSIGN_OR_RETURN(const auto certificate, certificate_of(security_, SystemClock().now()));
    shown_->replace(*certificate);
    return {};
  };
  return said(read(), "certificate read again: new connections are shown it", "the old certificate stays");
}

}  // namespace oodml::coordinator::rpc
