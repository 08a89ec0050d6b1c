#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/data/folder_listing.h"

namespace oodml::data {

/// By what a folder is recognised as unchanged: device, inode, times of modification and change in nanoseconds, size.
using FolderStamp = std::array<std::int64_t, 5>;

/// Listings that outlive the process, in one file: a large folder on a network is listed once. One is used only while
/// the folder's stamp is the same; nobody can set a time of change back. Not remembered are folders that changed in the
/// last minute, because a change in the same tick of the file system's clock leaves no trace, and those with links.
class ListingCache final : public FolderLister {
 public:
  /// Reads `file`. One that is missing, torn or of another version holds nothing.
  ListingCache(std::filesystem::path file, const Clock& clock);

  Result<FolderListing> list(const std::filesystem::path& folder) override;
  /// Writes the file, and the folder it lies in, if a folder was listed anew: with what was asked for since reading it.
  Status save() const;
  /// Folders that had to be listed.
  std::int64_t listed() const { return listed_; }

 private:
  struct Entry {
    FolderStamp stamp{};
    FolderListing listing;
    bool asked = false;
  };
  bool is_settled(const FolderStamp& stamp) const;
  void read();

  std::filesystem::path file_;
  const Clock& clock_;
  std::map<std::string, Entry> entries_;  ///< By the folder's absolute path.
  bool changed_ = false;
  std::int64_t listed_ = 0;
};

}  // namespace oodml::data
