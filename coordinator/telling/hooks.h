#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/telling/news.h"
#include "core/base/result.h"

namespace oodml::coordinator::telling {

enum class Format { kJson, kSlack };

/// Who is told of what, and how.
struct Hook {
  std::string name;
  std::string sweeps;  ///< A pattern of names with * and ?, or @OWNER; * is every sweep.
  std::set<NewsKind> kinds;
  Format format = Format::kJson;
  std::string url;     ///< http or https; it may be a secret itself and is never shown.
  std::string secret;  ///< Signs what is sent; empty: not signed.

  /// Whether it is told; news of workers and disks go to hooks for every sweep.
  bool wants(const News& news) const;
};

/// The lines of a file of hooks: `NAME SWEEPS EVENTS FORMAT URL [SECRET]`. EVENTS is a list with commas, or `all`;
/// what follows a # that begins a word is skipped. Failures name file and line, never URL or secret.
Result<std::vector<Hook>> parse_hooks(std::string_view text, std::string_view file);
/// Of a file that only its owner may read.
Result<std::vector<Hook>> read_hooks(const std::filesystem::path& file);

}  // namespace oodml::coordinator::telling
