#include "core/catalogue/script_name.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/printable.h"

namespace oodml::catalogue {
namespace {

constexpr std::string_view kEnding = ".pt";
constexpr std::size_t kHashDigits = 64, kMostCharacters = 200;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == '/';
}

}  // namespace

bool names_scripts(const Params& trial) {
  return trial.value_or<std::string>("arch", "").starts_with(kScriptPrefix) ||
         trial.value_or<std::string>("criterion", "") == kScript;
}

std::vector<NamedScript> named_scripts(const Params& trial) {
  std::vector<NamedScript> named;
  const auto add = [&](const char* use, std::string file, const char* hash_key) {
    named.push_back({.use = use,
                     .file = std::move(file),
                     .hash_key = hash_key,
                     .sha256 = trial.value_or<std::string>(hash_key, "")});
  };
  const auto arch = trial.value_or<std::string>("arch", "");
  if (arch.starts_with(kScriptPrefix)) {
    const std::string text = arch.substr(kScriptPrefix.size());
    if (const auto length = script_file_length(text)) add("arch", text.substr(0, *length), "arch_sha256");
  }
  if (trial.value_or<std::string>("criterion", "") == kScript) {
    auto file = trial.value_or<std::string>("criterion.file", "");
    if (check_script_file(file, "").ok()) add("criterion", std::move(file), "criterion.sha256");
  }
  return named;
}

Status check_script_file(std::string_view file, std::string_view who) {
  const bool climbs = ("/" + std::string(file) + "/").find("/../") != std::string::npos;
  const bool named = file.size() > kEnding.size() && file.size() <= kMostCharacters && file.ends_with(kEnding);
  if (named && std::ranges::all_of(file, is_plain) && !file.starts_with('/') && !climbs) return {};
  return invalid_argument(std::string(who) +
                          ": wanted FILE.pt, a path below the folder of scripts of letters, digits, "
                          "'.', '_', '-' and '/', got '" +
                          printable(file, 80) + "'");
}

Result<std::size_t> script_file_length(std::string_view text) {
  std::size_t length = 0;
  for (auto at = text.find(kEnding); at != text.npos; at = text.find(kEnding, at + 1)) {
    const auto behind = at + kEnding.size();
    if (behind == text.size() || text[behind] == '_') length = behind;
  }
  OODML_RETURN_IF_ERROR(check_script_file(length == 0 ? text : text.substr(0, length),
                                          "arch script:FILE.pt, with modifiers as in script:FILE.pt_frozen_normalize"));
  return length;
}

Status check_script_hash(std::string_view hash, std::string_view who) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (hash.empty() || (hash.size() == kHashDigits && std::ranges::all_of(hash, is_digit))) return {};
  return invalid_argument(std::string(who) + " is the SHA-256 of a script's file, 64 hexadecimal digits, got '" +
                          printable(hash, 80) + "'");
}

}  // namespace oodml::catalogue
