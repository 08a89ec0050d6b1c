#include "coordinator/telling/hooks.h"

#include <fnmatch.h>

#include <algorithm>
#include <sstream>

#include "core/base/private_file.h"

namespace oodml::coordinator::telling {
namespace {

constexpr std::uint64_t kMaxFileBytes = 1 << 20;
constexpr std::size_t kMaxHooks = 100, kMaxNameBytes = 64, kMaxUrlBytes = 2048;
constexpr std::size_t kMinSecretBytes = 16;

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream stream(line);
  for (std::string word; stream >> word && word.front() != '#';) words.push_back(word);
  return words;
}

Result<std::set<NewsKind>> kinds_of(const std::string& text) {
  std::set<NewsKind> kinds;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) {
    const auto known = std::ranges::find_if(kAllNews, [&](NewsKind kind) { return word == to_text(kind); });
    if (known != std::end(kAllNews)) kinds.insert(*known);
    if (word == "all") kinds.insert(std::begin(kAllNews), std::end(kAllNews));
    if (word == "all" || known != std::end(kAllNews)) continue;
    return invalid_argument("the event '" + word +
                            "' is none of finished, first_failure, paused, worker_lost, disk_low, all");
  }
  return kinds;
}

Result<Format> format_of(const std::string& word) {
  if (word == "json") return Format::kJson;
  if (word == "slack") return Format::kSlack;
  return invalid_argument("the format '" + word + "' is neither json nor slack");
}

/// Of the URL nothing is shown: Slack's are secrets.
Status check_url(const std::string& url) {
  const std::size_t host = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (host > 0 && url.size() > host && url[host] != '/' && url.size() <= kMaxUrlBytes) return Status();
  return invalid_argument("the fifth word is no URL that begins with https:// or http:// and names a host");
}

Result<Hook> hook_of(const std::vector<std::string>& words) {
  if (words.size() < 5 || words.size() > 6) {
    return invalid_argument("not a line of a hook; `NAME SWEEPS EVENTS FORMAT URL [SECRET]` wanted");
  }
  Hook hook{.name = words[0], .sweeps = words[1], .url = words[4]};
  if (hook.name.size() > kMaxNameBytes) return invalid_argument("a name has at most 64 characters");
  OODML_ASSIGN_OR_RETURN(hook.kinds, kinds_of(words[2]));
  OODML_ASSIGN_OR_RETURN(hook.format, format_of(words[3]));
  OODML_RETURN_IF_ERROR(check_url(hook.url));
  if (words.size() == 6) hook.secret = words[5];
  if (!hook.secret.empty() && hook.secret.size() < kMinSecretBytes) {
    return invalid_argument("the secret has " + std::to_string(hook.secret.size()) + " bytes; 16 or more wanted");
  }
  return hook;
}

}  // namespace

bool Hook::wants(const News& news) const {
  if (news.kind == NewsKind::kTest) return true;
  if (!kinds.contains(news.kind)) return false;
  if (!news.sweep) return sweeps == "*";
  if (sweeps.starts_with('@')) return news.sweep->owner == sweeps.substr(1);
  return ::fnmatch(sweeps.c_str(), news.sweep->name.c_str(), 0) == 0;
}

Result<std::vector<Hook>> parse_hooks(std::string_view text, std::string_view file) {
  std::vector<Hook> hooks;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::vector<std::string> words = words_of(line);
    if (words.empty()) continue;
    const std::string place = std::string(file) + ":" + std::to_string(number) + ": ";
    Result<Hook> hook = hook_of(words);
    if (!hook) return invalid_argument(place + hook.error().message());
    if (std::ranges::any_of(hooks, [&](const Hook& other) { return other.name == hook->name; })) {
      return invalid_argument(place + "a second hook " + hook->name + "; each needs a name of its own");
    }
    if (hooks.size() == kMaxHooks) return invalid_argument(place + "more than 100 hooks");
    hooks.push_back(*std::move(hook));
  }
  return hooks;
}

Result<std::vector<Hook>> read_hooks(const std::filesystem::path& file) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_private_file(file, kMaxFileBytes, "file of webhooks"));
  return parse_hooks(text, file.string());
}

}  // namespace oodml::coordinator::telling
