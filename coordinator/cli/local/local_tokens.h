#pragma once

#include <string>

#include "coordinator/cli/client.h"
#include "coordinator/cli/local/state_folder.h"
#include "core/base/result.h"

namespace oodml::cli {

/// On a machine of several people everybody reaches the loopback address: the coordinator of `oodml local` asks for a
/// token, which only who may read the state folder has.

/// New tokens for this run: StatePaths::tokens for the coordinator, person_token and worker_token for its callers.
Status write_local_tokens(const StatePaths& state);

/// How commands reach the run at this address; without a token where it is of an earlier release.
Connection connection_to_run(const StatePaths& state, const std::string& address);

/// One token, for a coordinator that this process starts and that ends with it, in a file without a name which the
/// child inherits.
class PassedToken {
 public:
  static Result<PassedToken> make();
  PassedToken(PassedToken&& other) noexcept;
  PassedToken& operator=(PassedToken&&) = delete;
  ~PassedToken();

  const std::string& token() const { return token_; }
  std::string tokens_file() const { return "/proc/self/fd/" + std::to_string(file_); }  ///< The child's `--tokens`.

 private:
  PassedToken(int file, std::string token) : file_(file), token_(std::move(token)) {}

  int file_;
  std::string token_;
};

}  // namespace oodml::cli
