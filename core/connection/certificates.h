#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml {

/// How long before its end a certificate is warned of.
inline constexpr std::chrono::days kCertificateWarning{14};

/// The certificates that a client trusts (--tls-ca).
struct Authorities {
  std::string pem;
  std::vector<std::string> warnings;  ///< Of those that end soon or are over, one line each.
};

/// Reads a PEM file of at most 1 MiB. kInvalidArgument, with the file and the reason: it holds no certificate (a DER
/// file, a key, a request are called so), a damaged one, or none that is valid now. Of several some may be over: while
/// one authority takes over from another, both stand there.
Result<Authorities> read_authorities(const std::filesystem::path& file, Time now);

/// What a server shows (--tls-cert, --tls-key).
struct ServerCertificate {
  std::string chain, key;             ///< PEM
  std::vector<std::string> warnings;  ///< As above.
};

/// Reads a server's certificate with its chain, and its key, which only its owner may read (private_file.h).
/// kInvalidArgument: as above, any certificate of the chain that is not valid now, with its date, a key that is
/// encrypted, or that is not the first certificate's.
Result<ServerCertificate> read_server_certificate(const std::filesystem::path& certificate,
                                                  const std::filesystem::path& key, Time now);

}  // namespace oodml
