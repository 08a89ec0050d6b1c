#include "tests/integration/security.h"

#include <cstdlib>

#include "tests/support/process.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;

void write_private(const fs::path& file, const std::string& text) {
  write_text(file, text);
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

/// A coordinator's file, with the tokens of workers.
std::string token_lines(const std::vector<std::string>& of_workers) {
  std::string text = std::string("submitter ") + Security::kSubmitterToken + " alice\nsubmitter " +
                     Security::kOtherToken + " bob\noperator " + Security::kOperatorToken + " olga\nviewer " +
                     Security::kViewerToken + " vera\n";
  for (const std::string& token : of_workers) text += "workers " + token + " rack\n";
  return text;
}

}  // namespace

bool Security::wanted() { return std::getenv("OODML_TEST_TLS") != nullptr; }

Security::Security(fs::path folder, bool tls) : folder_(std::move(folder)), tls_(tls) {
  if (!tls_) return;
  fs::create_directories(folder_);
  write_private(folder_ / "tokens", token_lines({kWorkerToken}));
  write_private(folder_ / "operator.token", std::string(kOperatorToken) + "\n");
  write_private(folder_ / "worker.token", std::string(kWorkerToken) + "\n");
  renew();
  trust_authority();
}

std::vector<std::string> Security::coordinator_words() const {
  if (!tls_) return {};
  return {"--tls-cert", folder_ / "server.crt", "--tls-key", folder_ / "server.key", "--tokens", folder_ / "tokens"};
}

std::vector<std::string> Security::worker_words() const {
  if (!tls_) return {};
  return {"--tls-ca", folder_ / "ca.crt", "--token-file", folder_ / "worker.token"};
}

std::map<std::string, std::string> Security::environment() const {
  if (!tls_) return {};
  return {{"OODML_TLS_CA", folder_ / "ca.crt"}, {"OODML_TOKEN", kSubmitterToken}};
}

std::vector<std::string> Security::operator_words() const {
  if (!tls_) return {};
  return {"--token-file", folder_ / "operator.token"};
}

void Security::renew(const std::string& name, ValidFor valid) {
  server_ = authority_.issue(name, valid);
  write_text(folder_ / "server.crt", server_.certificate);
  write_private(folder_ / "server.key", server_.key);
}

void Security::replace_authority() {
  authority_ = CertificateAuthority();
  renew();
}

void Security::replace_worker_token(const std::string& token) {
  write_private(folder_ / "tokens", token_lines({worker_token_, token}));
  write_private(folder_ / "worker.token", token + "\n");
  worker_token_ = token;
}

void Security::forget_old_worker_token() const { write_private(folder_ / "tokens", token_lines({worker_token_})); }

void Security::trust_authority() const { write_text(folder_ / "ca.crt", authority()); }

}  // namespace oodml::testing
