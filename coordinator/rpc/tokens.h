#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::coordinator::rpc {

/// What a token allows: a submitter everything of SweepService, a worker everything of WorkerService.
enum class Role { kSubmitter, kWorker };

const char* to_text(Role role);

/// The bearer tokens of one file, kept as SHA-256 only.
class Tokens {
 public:
  /// Lines `submitter TOKEN [name]` or `worker TOKEN [name]`; empty lines and those from `#` on are skipped. A token
  /// has 16 to 256 printable characters without spaces and may stand once per role. Failures name `file` and line,
  /// never the token.
  static Result<Tokens> parse(std::string_view text, std::string_view file);
  /// Reads `file`, which only its owner may read: mode 0600 or 0400.
  static Result<Tokens> load(const std::filesystem::path& file);

  /// The name of the holder (`submitter-1`, the first entry, where the file gives none). kUnauthenticated: nobody has
  /// this token; kPermissionDenied: its role is another one. The time taken does not depend on the token.
  Result<std::string> admit(std::string_view token, Role needed) const;

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Role role;
    std::string digest;
    std::string name;
  };
  std::vector<Entry> entries_;
};

}  // namespace oodml::coordinator::rpc
