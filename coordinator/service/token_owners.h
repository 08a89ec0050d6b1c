#pragma once

#include <set>
#include <string>
#include <variant>

#include "coordinator/service/reply.h"
#include "core/base/result.h"

namespace oodml::coordinator {

/// Which worker each token belongs to, by name (core/job/worker_name.h): the first one that registers with it, for
/// good, also over restarts. Tokens are known by a digest here. Safe from any thread.
class TokenOwners {
 public:
  virtual ~TokenOwners() = default;
  /// Whether `worker` may be spoken for with this token. kPermissionDenied: the token belongs to another name, or the
  /// name to another token. An empty token is one that several share, or none: it may speak for names without a token.
  virtual Status check(const std::string& token, const std::string& worker) = 0;
  /// The same; a token that nobody has belongs to this worker from now on, durably before the reply.
  virtual void claim(const std::string& token, const std::string& worker, Reply<std::monostate> reply) = 0;
  /// The tokens that there are: those of others are forgotten, which is how one is released.
  virtual void keep_only(const std::set<std::string>& tokens) = 0;
};

}  // namespace oodml::coordinator
