#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/service/person.h"
#include "core/base/result.h"

namespace oodml::coordinator::rpc {

/// What a token allows. Of people each may do what those before it may: a viewer sees everything, a submitter submits
/// and changes what is its own, an operator changes everything. A worker does the work, and nothing else.
enum class Role { kViewer, kSubmitter, kOperator, kWorker };

const char* to_text(Role role);
/// Whether who has the role `has` may do what `needed` is needed for.
bool includes(Role has, Role needed);

/// Who calls.
struct Caller {
  std::string name;  ///< A token's holder, who owns what it submits; an address where nobody is asked for tokens.
  Role role = Role::kOperator;
  bool scripts = true;  ///< May submit code of its own: a right that a token's line gives beside the role.
  /// The digest of a token that belongs to one worker; empty: one of a person, or that workers share; nullopt:
  /// nobody is asked for tokens.
  std::optional<std::string> token;
};

/// The caller as those see it who decide what it may change.
Person person_of(const Caller& caller);

/// The bearer tokens of one file, kept as SHA-256 only.
class Tokens {
 public:
  /// Lines `viewer TOKEN [name]`, `submitter TOKEN [name]`, `operator TOKEN [name]`, `worker TOKEN [name]` (of one
  /// worker: the first that registers with it) or `workers TOKEN [name]` (any number share it); empty lines and those
  /// from `#` on are skipped. `submitter+scripts` and `operator+scripts` may also submit sweeps with code of their own.
  /// A token has 16 to 256 printable characters without spaces; it may stand once for a person and once for a worker.
  /// One person may have several tokens, each with a name of at most 64 bytes. Failures name `file` and line, never the
  /// token.
  static Result<Tokens> parse(std::string_view text, std::string_view file);
  /// Reads `file`, which only its owner may read (core/base/private_file.h).
  static Result<Tokens> load(const std::filesystem::path& file);

  /// The holder (`submitter-1`, the first entry, where the file gives no name). kUnauthenticated: nobody has this
  /// token; kPermissionDenied: its role is too small, or another one. The time taken does not depend on the token.
  Result<Caller> admit(std::string_view token, Role needed) const;

  /// The digests of those that belong to one worker each.
  std::set<std::string> of_one_worker() const;

  std::size_t size() const { return entries_.size(); }
  /// What whoever wrote the file should know, a line each.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Entry {
    Role role;
    bool shared = false;   ///< By several workers.
    bool scripts = false;  ///< May submit code of its own.
    std::string digest;
    std::string name;
  };
  std::vector<Entry> entries_;
  std::vector<std::string> warnings_;
};

}  // namespace oodml::coordinator::rpc
