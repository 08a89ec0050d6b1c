#pragma once

#include <memory>
#include <string>

namespace oodml::testing {

struct CertificateAndKey {
  std::string certificate, key;  ///< PEM
};

/// A P-256 authority of its own, fresh; what it issues is valid from an hour ago for a day.
class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();
  CertificateAuthority(CertificateAuthority&&) noexcept;
  CertificateAuthority& operator=(CertificateAuthority&&) noexcept;

  /// What --tls-ca takes, PEM.
  const std::string& certificate() const;
  /// For a server with this name (IP:127.0.0.1, DNS:gpu1.example), with a fresh key.
  CertificateAndKey issue(const std::string& name = "IP:127.0.0.1") const;

 private:
  struct Signer;
  std::unique_ptr<Signer> signer_;
};

/// One for 127.0.0.1 that vouches for itself, as people make for a try.
CertificateAndKey self_signed_certificate();

}  // namespace oodml::testing
