#pragma once

#include <string>

namespace oodml::coordinator::rpc {

struct CertificateAndKey {
  std::string certificate, key;  ///< PEM
};

/// A fresh P-256 certificate for 127.0.0.1, valid from an hour ago for a day.
CertificateAndKey self_signed_certificate();

}  // namespace oodml::coordinator::rpc
