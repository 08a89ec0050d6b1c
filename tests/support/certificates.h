#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace oodml::testing {

struct CertificateAndKey {
  std::string certificate, key;  ///< PEM
};

/// From when until when, counted from now.
struct ValidFor {
  std::chrono::hours from{-24}, until{24 * 60};  ///< Tests set the clock back by hours; nobody is warned of two months.
};

/// A P-256 authority of its own, fresh.
class CertificateAuthority {
 public:
  explicit CertificateAuthority(ValidFor valid = {});
  ~CertificateAuthority();
  CertificateAuthority(CertificateAuthority&&) noexcept;
  CertificateAuthority& operator=(CertificateAuthority&&) noexcept;

  /// What --tls-ca takes, PEM.
  const std::string& certificate() const;
  /// For a server with this name (IP:127.0.0.1, DNS:gpu1.example), with a fresh key.
  CertificateAndKey issue(const std::string& name = "IP:127.0.0.1", ValidFor valid = {}) const;

 private:
  struct Signer;
  std::unique_ptr<Signer> signer_;
};

/// One for 127.0.0.1 that vouches for itself, as people make for a try.
CertificateAndKey self_signed_certificate();

}  // namespace oodml::testing
