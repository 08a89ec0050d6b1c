#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::coordinator::rpc {

/// What a token allows: a submitter everything of SweepService, a worker everything of WorkerService.
enum class Role { kSubmitter, kWorker };

const char* to_text(Role role);

/// Who calls.
struct Caller {
  std::string name;  ///< For logs: a token's holder, or an address.
  /// The digest of a token that belongs to one worker; empty: one of a submitter, or that workers share; nullopt:
  /// nobody is asked for tokens.
  std::optional<std::string> token;
};

/// The bearer tokens of one file, kept as SHA-256 only.
class Tokens {
 public:
  /// Lines `submitter TOKEN [name]`, `worker TOKEN [name]` (of one worker: the first that registers with it) or
  /// `workers TOKEN [name]` (any number share it); empty lines and those from `#` on are skipped. A token has 16 to 256
  /// printable characters without spaces and may stand once per role. Failures name `file` and line, never the token.
  static Result<Tokens> parse(std::string_view text, std::string_view file);
  /// Reads `file`, which only its owner may read (core/base/private_file.h).
  static Result<Tokens> load(const std::filesystem::path& file);

  /// The holder (`submitter-1`, the first entry, where the file gives no name). kUnauthenticated: nobody has this
  /// token; kPermissionDenied: its role is another one. The time taken does not depend on the token.
  Result<Caller> admit(std::string_view token, Role needed) const;

  /// The digests of those that belong to one worker each.
  std::set<std::string> of_one_worker() const;

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Role role;
    bool shared = false;  ///< By several workers.
    std::string digest;
    std::string name;
  };
  std::vector<Entry> entries_;
};

}  // namespace oodml::coordinator::rpc
