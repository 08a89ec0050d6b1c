#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/certificates.h"

namespace oodml::testing {

/// How the programs of a test trust each other: in the clear, or as a cluster does, over TLS with a token for each
/// role. Every file is below `folder`.
class Security {
 public:
  static constexpr const char* kSubmitterToken = "submitter-0123456789";  ///< alice's
  static constexpr const char* kOtherToken = "submitter-9876543210";      ///< bob's
  static constexpr const char* kOperatorToken = "operator-0123456789";    ///< olga's
  static constexpr const char* kViewerToken = "viewer-0123456789abc";     ///< vera's
  static constexpr const char* kWorkerToken = "worker-0123456789abc";

  /// What the test was started for: ctest runs the integration tests once each way (OODML_TEST_TLS).
  static bool wanted();

  Security(std::filesystem::path folder, bool tls);

  bool tls() const { return tls_; }
  std::vector<std::string> coordinator_words() const;
  std::vector<std::string> worker_words() const;
  /// For `oodml`, of a submitter.
  std::map<std::string, std::string> environment() const;
  /// For a command of `oodml` that an operator gives.
  std::vector<std::string> operator_words() const;

  /// The authority issues another certificate, with another key, for a server of this name; a coordinator that runs
  /// finds it there soon.
  void renew(const std::string& name = "IP:127.0.0.1", ValidFor valid = {});
  /// Another authority takes over, which nobody has heard of until trust_authority().
  void replace_authority();
  void trust_authority() const;
  /// The workers get another token: first the coordinator has to know both, then theirs is replaced, then the old one
  /// is forgotten. Ends before the last step, which is forget_old_worker_token().
  void replace_worker_token(const std::string& token);
  void forget_old_worker_token() const;

  const std::string& authority() const { return authority_.certificate(); }
  const CertificateAndKey& server() const { return server_; }

 private:
  const std::filesystem::path folder_;
  const bool tls_;
  CertificateAuthority authority_;
  CertificateAndKey server_;
  std::string worker_token_ = kWorkerToken;
};

}  // namespace oodml::testing
