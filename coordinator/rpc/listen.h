#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "coordinator/rpc/tokens.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/connection/address.h"
#include "core/connection/certificates.h"

namespace oodml::coordinator::rpc {

/// Who may connect, and how.
struct Security {
  std::filesystem::path tls_cert;  ///< PEM, with the chain; empty: plaintext
  std::filesystem::path tls_key;   ///< PEM
  std::filesystem::path tokens;    ///< see Tokens; empty: nobody is asked for one
  bool insecure = false;           ///< the operator takes the risk of what is missing
};

/// kFailedPrecondition, in one line, when others than this machine could reach `address` without TLS and tokens,
/// unless `insecure` says so. kInvalidArgument: certificate without key or the other way.
Status check_exposure(const Address& address, const Security& security);

/// Reads the files, where there are any; failures name them, also a certificate that is over, not valid yet, or another
/// key's. One that ends within two weeks is warned of.
Result<std::optional<ServerCertificate>> certificate_of(const Security& security, Time now);
/// Warns of holders without a name.
Result<std::optional<Tokens>> tokens_of(const Security& security);

/// Why `address` cannot be bound ("Address already in use"), for a message after gRPC failed to.
std::string why_not_bound(const Address& address);

}  // namespace oodml::coordinator::rpc
