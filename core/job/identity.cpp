#include "core/job/identity.h"

#include <algorithm>

namespace oodml::job {
namespace {

/// Names may hold anything; the text's own signs become lines.
std::string plain(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '=' || c == ';' || static_cast<unsigned char>(c) < 0x20; }, '_');
  return text;
}

}  // namespace

std::string images_of(std::string_view benchmark) { return plain("images of " + std::string(benchmark)); }

std::string split_of(std::string_view benchmark, std::string_view id) {
  return plain("split " + std::string(id) + " of " + std::string(benchmark));
}

std::string weights_named(std::string_view name) { return plain("weights " + std::string(name)); }

std::string script_named(std::string_view file) { return plain("script " + std::string(file)); }

std::string stamps_text(const DataStamps& stamps) {
  std::string text;
  for (const auto& [what, hash] : stamps) text += (text.empty() ? "" : ";") + what + "=" + hash;
  return text;
}

DataStamps parse_stamps(std::string_view text) {
  DataStamps stamps;
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
    const std::size_t equals = entry.find('=');
    if (equals == 0 || equals == std::string_view::npos || equals + 1 == entry.size()) continue;
    stamps.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return stamps;
}

std::vector<std::string> differences(const Identity& a, const Identity& b) {
  std::vector<std::string> found;
  const bool both_known = a.results_version != 0 && b.results_version != 0;
  if (both_known && a.results_version != b.results_version) found.emplace_back("results version");
  const DataStamps theirs = parse_stamps(b.data);
  for (const auto& [what, hash] : parse_stamps(a.data)) {
    const auto other = theirs.find(what);
    if (other != theirs.end() && other->second != hash) found.push_back(what);
  }
  return found;
}

}  // namespace oodml::job
