#include "core/identity/folder_stamps.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/image_files.h"
#include "core/base/sha256.h"
#include "core/identity/short_hash.h"

namespace oodml::identity {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 2;  // images/<class>/

/// Files of a few megabytes whose size says little about what is in them.
bool counts_by_content(std::string_view name) {
  constexpr std::array<std::string_view, 3> kLists = {"Ebay_train.txt", "Ebay_test.txt", "classes.txt"};
  return name.ends_with("-ubyte") || name.ends_with("-ubyte.gz") || std::ranges::find(kLists, name) != kLists.end();
}

}  // namespace

Result<FolderStamps::Folder> FolderStamps::read(const fs::path& path) const {
  Folder folder{.read_at = clock_.steady_now(), .by_content = {}, .digest = {}, .folders = {}};
  const auto stamp = file_stamp(path);
  if (stamp && is_settled(*stamp, clock_.now())) folder.stamp = *stamp;
  std::vector<std::string> files;  // "name size" or "name hash"
  std::error_code error;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().native();
    std::error_code ignored;
    if (!why_left_out(name).empty()) continue;
    if (has_image_extension(name)) {
      const std::uintmax_t size = entry->is_regular_file(ignored) ? entry->file_size(ignored) : 0;
      files.push_back(name + "/" + std::to_string(size));
    } else if (counts_by_content(name) && entry->is_regular_file(ignored)) {
      folder.by_content.emplace_back(entry->path(), file_stamp(entry->path()).value_or(FileStamp{}));
      OODML_ASSIGN_OR_RETURN(const std::string hash, sha256_hex_of_file(entry->path()));
      files.push_back(name + "/" + hash);
    } else if (entry->is_directory(ignored)) {
      folder.folders.push_back(name);
    }
  }
  if (error) return system_failure("list folder " + path.string(), error.value());
  std::ranges::sort(folder.folders);
  std::ranges::sort(files);
  std::string text;
  for (const std::string& file : files) text += file + "\n";
  if (!text.empty()) folder.digest = short_hash(text);
  return folder;
}

bool FolderStamps::is_current(const Folder& folder, const fs::path& path) const {
  if (clock_.steady_now() - folder.read_at >= again_after_ || file_stamp(path) != folder.stamp) return false;
  return std::ranges::all_of(folder.by_content, [&](const auto& file) {
    return is_settled(file.second, clock_.now()) && file_stamp(file.first) == file.second;
  });
}

Result<const FolderStamps::Folder*> FolderStamps::folder(const fs::path& path) {
  const auto found = known_.find(path.native());
  if (found != known_.end() && is_current(found->second, path)) return &found->second;
  OODML_ASSIGN_OR_RETURN(Folder now, read(path));
  return &known_.insert_or_assign(path.native(), std::move(now)).first->second;
}

Status FolderStamps::add(const fs::path& root, const std::string& below, int depth, std::string& text) {
  OODML_ASSIGN_OR_RETURN(const Folder* const here, folder(root / below));
  if (!here->digest.empty()) text += below + "/" + here->digest + "\n";
  if (depth == kDeepest) return {};
  const std::vector<std::string> folders = here->folders;  // others are read meanwhile
  for (const std::string& name : folders) {
    OODML_RETURN_IF_ERROR(add(root, below.empty() ? name : below + "/" + name, depth + 1, text));
  }
  return {};
}

Result<std::string> FolderStamps::of(const fs::path& benchmark) {
  std::string text;
  OODML_RETURN_IF_ERROR(add(benchmark, "", 0, text));
  return short_hash(text);
}

}  // namespace oodml::identity
