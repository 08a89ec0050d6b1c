#include "coordinator/rpc/tokens.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/printable.h"
#include "core/base/private_file.h"
#include "core/base/sha256.h"

namespace oodml::coordinator::rpc {
namespace {

constexpr std::size_t kMinTokenBytes = 16, kMaxTokenBytes = 256, kMaxHolderBytes = 64;
constexpr std::uint64_t kMaxFileBytes = 1 << 20;
constexpr const char* kLines =
    "`ROLE TOKEN [name]` where ROLE is viewer, submitter[+scripts], operator[+scripts], worker or workers";

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;  // both are digests: never happens
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

/// The words of a line up to `#`.
std::vector<std::string_view> words_of(std::string_view line) {
  line = line.substr(0, line.find('#'));
  std::vector<std::string_view> words;
  constexpr std::string_view kBlank = " \t\r";
  for (auto start = line.find_first_not_of(kBlank); start != std::string_view::npos;) {
    const auto end = std::min(line.find_first_of(kBlank, start), line.size());
    words.push_back(line.substr(start, end - start));
    start = line.find_first_not_of(kBlank, end);
  }
  return words;
}

constexpr std::string_view kScriptsRight = "+scripts";

/// Whether the word of a role gives the right to bring code; takes it off.
bool take_scripts_right(std::string_view& word) {
  for (const Role role : {Role::kSubmitter, Role::kOperator}) {
    if (word != to_text(role) + std::string(kScriptsRight)) continue;
    word.remove_suffix(kScriptsRight.size());
    return true;
  }
  return false;
}

std::optional<Role> parse_role(std::string_view word) {
  for (const Role role : {Role::kViewer, Role::kSubmitter, Role::kOperator}) {
    if (word == to_text(role)) return role;
  }
  if (word == "worker" || word == "workers") return Role::kWorker;
  return std::nullopt;
}

bool is_token(std::string_view word) {
  return word.size() >= kMinTokenBytes && word.size() <= kMaxTokenBytes &&
         std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// The name of a person stands beside what is theirs, in tables and in the database.
bool is_holder(std::string_view word) { return word.size() <= kMaxHolderBytes && is_printable(word); }

}  // namespace

const char* to_text(Role role) {
  constexpr const char* kNames[] = {"viewer", "submitter", "operator", "worker"};
  return kNames[static_cast<int>(role)];
}

bool includes(Role has, Role needed) {
  if (has == Role::kWorker || needed == Role::kWorker) return has == needed;
  return has >= needed;
}

Person person_of(const Caller& caller) {
  if (!caller.token) return {};
  return {.name = caller.name, .is_operator = caller.role == Role::kOperator, .may_bring_scripts = caller.scripts};
}

Result<Tokens> Tokens::parse(std::string_view text, std::string_view file) {
  Tokens tokens;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    std::vector<std::string_view> words = words_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (words.empty()) continue;

    const std::string place = std::string(file) + ":" + std::to_string(number) + ": ";
    const bool scripts = take_scripts_right(words[0]);
    const std::optional<Role> role = parse_role(words[0]);
    if (!role || words.size() < 2 || words.size() > 3) {
      return invalid_argument(place + "not a token line; " + kLines + " wanted");
    }
    if (!is_token(words[1])) {
      return invalid_argument(place + "the token has " + std::to_string(words[1].size()) +
                              " bytes; 16 to 256 printable ASCII characters wanted");
    }
    Entry entry{
        .role = *role, .shared = words[0] == "workers", .scripts = scripts, .digest = sha256_hex(words[1]), .name = ""};
    const auto same_role = std::count_if(tokens.entries_.begin(), tokens.entries_.end(),
                                         [&](const Entry& other) { return other.role == *role; });
    entry.name = words.size() == 3 ? std::string(words[2]) : to_text(*role) + ("-" + std::to_string(same_role + 1));
    const bool is_person = *role != Role::kWorker;
    if (is_person && !is_holder(entry.name)) {
      return invalid_argument(place + "the name '" + printable(entry.name, kMaxHolderBytes) +
                              "'; at most 64 bytes of UTF-8 without control characters wanted");
    }
    for (const Entry& other : tokens.entries_) {
      if (other.digest != entry.digest || is_person != (other.role != Role::kWorker)) continue;
      const bool same = other.role == entry.role;
      return invalid_argument(place + "the same token as of " + other.name + "; " +
                              (same ? "each holder needs one of its own"
                                    : std::string("a larger role includes the smaller ones: leave out the line `") +
                                          to_text(std::min(other.role, entry.role)) + "`"));
    }
    if (words.size() == 2 && includes(*role, Role::kSubmitter)) {
      tokens.warnings_.push_back(place + "a token without a name: its sweeps belong to " + entry.name +
                                 ", which is another token when lines before it come or go; give it a name");
    }
    tokens.entries_.push_back(std::move(entry));
  }
  if (tokens.entries_.empty()) {
    return invalid_argument(std::string(file) + ": no tokens; lines " + kLines + " wanted");
  }
  return tokens;
}

Result<Tokens> Tokens::load(const std::filesystem::path& file) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_private_file(file, kMaxFileBytes, "token file"));
  return parse(text, file.string());
}

std::set<std::string> Tokens::of_one_worker() const {
  std::set<std::string> digests;
  for (const Entry& entry : entries_) {
    if (entry.role == Role::kWorker && !entry.shared) digests.insert(entry.digest);
  }
  return digests;
}

Result<Caller> Tokens::admit(std::string_view token, Role needed) const {
  const std::string digest = sha256_hex(token.substr(0, kMaxTokenBytes + 1));
  const Entry* holder = nullptr;
  const Entry* in_other_role = nullptr;
  for (const Entry& entry : entries_) {  // always all of them
    const bool same = equal_in_constant_time(entry.digest, digest);
    if (same && includes(entry.role, needed)) holder = &entry;
    if (same && !includes(entry.role, needed)) in_other_role = &entry;
  }
  if (holder != nullptr) {
    const bool owned = holder->role == Role::kWorker && !holder->shared;
    return Caller{
        .name = holder->name, .role = holder->role, .scripts = holder->scripts, .token = owned ? holder->digest : ""};
  }
  if (in_other_role != nullptr) {
    return failure(StatusCode::kPermissionDenied, std::string("this token has the role ") +
                                                      to_text(in_other_role->role) + "; the role " + to_text(needed) +
                                                      " is needed");
  }
  return failure(StatusCode::kUnauthenticated, "unknown token");
}

}  // namespace oodml::coordinator::rpc
