#include "core/data/folder_listing.h"

#include <algorithm>

#include "core/base/printable.h"

namespace oodml::data {

Result<FolderListing> list_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  FolderListing listing;
  while (!error && entry != std::filesystem::directory_iterator()) {
    std::error_code ignored;  // an entry that cannot be examined is neither
    std::string name = entry->path().filename().native();
    listing.has_links |= entry->is_symlink(ignored);
    if (entry->is_regular_file(ignored)) {
      listing.files.push_back(std::move(name));
    } else if (entry->is_directory(ignored)) {
      listing.folders.push_back(std::move(name));
    } else {
      listing.others.push_back(std::move(name));
    }
    entry.increment(error);
  }
  if (error) return system_failure("list folder " + printable(folder.native(), 4096), error.value());
  std::ranges::sort(listing.folders);
  std::ranges::sort(listing.files);
  std::ranges::sort(listing.others);
  return listing;
}

}  // namespace oodml::data
