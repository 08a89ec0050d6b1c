#include "coordinator/web/page_files.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"

namespace oodml::coordinator::web {
namespace {

constexpr std::uint64_t kMaxFileBytes = 4 << 20;

constexpr std::array<std::pair<std::string_view, const char*>, 9> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".woff2", "font/woff2"},
}};

const char* type_of(std::string_view name) {
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "text/plain; charset=utf-8";
}

PageFile made_of(std::string_view name, std::string bytes) {
  // Weak: the same bytes may go out compressed.
  std::string etag = "W/\"" + sha256_hex(bytes).substr(0, 32) + "\"";
  return {.bytes = std::move(bytes), .type = type_of(name), .etag = std::move(etag)};
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// Names that begin with a dot are not shown either: editors and git keep theirs so.
bool is_plain_path(std::string_view path) {
  if (path.empty()) return false;
  for (bool at_end = false; !at_end;) {
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part.starts_with('.') || !std::all_of(part.begin(), part.end(), is_plain)) return false;
    at_end = slash == path.npos;
    if (!at_end) path.remove_prefix(slash + 1);
  }
  return true;
}

}  // namespace

Result<PageFiles> PageFiles::open(const std::filesystem::path& folder) {
  if (folder.empty()) {
    PageFiles files{std::filesystem::path()};
    for (const EmbeddedFile& file : embedded_files()) {
      files.embedded_[file.path] =
          made_of(file.path, std::string(reinterpret_cast<const char*>(file.bytes), file.size));
    }
    return files;
  }
  std::error_code error;
  std::filesystem::path canonical = std::filesystem::canonical(folder, error);
  if (error || !std::filesystem::is_directory(canonical, error)) {
    return not_found("--web-files " + folder.string() + ": there is no such folder");
  }
  return PageFiles(std::move(canonical));
}

std::optional<PageFile> PageFiles::find(std::string_view path) const {
  if (!path.starts_with('/')) return std::nullopt;
  const std::string_view name = path == "/" ? "index.html" : path.substr(1);
  if (!is_plain_path(name)) return std::nullopt;
  if (!folder_.empty()) return read(std::string(name));
  const auto found = embedded_.find(name);
  return found == embedded_.end() ? std::nullopt : std::optional<PageFile>(found->second);
}

std::optional<PageFile> PageFiles::read(const std::string& name) const {
  std::error_code error;
  const std::filesystem::path file = std::filesystem::canonical(folder_ / name, error);
  if (error || !std::filesystem::is_regular_file(file, error)) return std::nullopt;
  const auto [end, ignored] = std::mismatch(folder_.begin(), folder_.end(), file.begin(), file.end());
  if (end != folder_.end()) return std::nullopt;  // a link that leads elsewhere
  Result<std::string> bytes = read_file(file, kMaxFileBytes);
  if (!bytes.has_value()) return std::nullopt;
  return made_of(name, *std::move(bytes));
}

}  // namespace oodml::coordinator::web
