#pragma once

#include <string>

#include "coordinator/rpc/gate.h"
#include "coordinator/rpc/listen.h"
#include "coordinator/rpc/shown_certificate.h"
#include "coordinator/service/token_owners.h"
#include "core/base/result.h"
#include "core/connection/watched_files.h"

namespace oodml::coordinator::rpc {

/// The files that `security` names.
struct WatchedSecrets {
  explicit WatchedSecrets(const Security& security);
  WatchedFiles tokens, certificate;
};

/// The token file, and the certificate with its key, while the server runs: what is replaced there holds from the next
/// call or connection on, and what cannot be used leaves the old in its place. Not thread-safe.
class SecretFiles {
 public:
  /// `watched` is older than what was read of them so far; `shown` is null where there is no TLS. All others outlive
  /// this.
  SecretFiles(const Security& security, WatchedSecrets watched, TokenOwners& owners, Gate& gate,
              ShownCertificate* shown);

  /// Reads all there is; the log has what came of it, the result the first failure.
  Status read();
  /// The same for what was replaced since it was known, once that has come to rest. Cheap.
  void read_what_changed();

 private:
  Status read_tokens();
  Status read_certificate();

  const Security security_;
  WatchedSecrets watched_;
  TokenOwners& owners_;
  Gate& gate_;
  ShownCertificate* const shown_;
};

}  // namespace oodml::coordinator::rpc
