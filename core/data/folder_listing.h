#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::data {

/// The entries of one folder by kind (links are followed), each list in order of bytes.
struct FolderListing {
  std::vector<std::string> folders, files;
  std::vector<std::string> others;  ///< Neither: broken links, pipes, sockets, devices.
  bool has_links = false;  ///< Some entry is a symbolic link: what it is depends on a place outside the folder.

  friend bool operator==(const FolderListing&, const FolderListing&) = default;
};
Result<FolderListing> list_folder(const std::filesystem::path& folder);

/// Where layouts ask for what is in a folder: list_folder, or what is remembered of it (listing_cache.h).
class FolderLister {
 public:
  virtual ~FolderLister() = default;
  virtual Result<FolderListing> list(const std::filesystem::path& folder) { return list_folder(folder); }
};

}  // namespace oodml::data
