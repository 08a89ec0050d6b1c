#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/file_stamp.h"
#include "core/base/result.h"

namespace oodml::identity {

/// Hash of the files that decide what a benchmark's images are, whatever its layout: image files by path and size,
/// archives of images (*-ubyte, *-ubyte.gz) and the lists that name images (Ebay_train.txt, Ebay_test.txt, classes.txt)
/// by content. Hidden files, split files and everything else do not count; neither do times, so that a copy has the
/// same hash. Folders are followed two levels down, as far as a layout reaches.
///
/// Not thread-safe. The second question costs a look at each folder, unless `again_after` is over since the first.
class FolderStamps {
 public:
  explicit FolderStamps(const Clock& clock, Duration again_after = std::chrono::hours(1))
      : clock_(clock), again_after_(again_after) {}

  /// kNotFound and others name the folder that cannot be read.
  Result<std::string> of(const std::filesystem::path& benchmark);

 private:
  struct Folder {
    FileStamp stamp{};
    std::chrono::steady_clock::time_point read_at;
    std::vector<std::pair<std::filesystem::path, FileStamp>> by_content;  ///< What it holds of these.
    std::string digest;                                                   ///< Of its files; empty when none counts.
    std::vector<std::string> folders;                                     ///< In it, in order of bytes.
  };
  Result<const Folder*> folder(const std::filesystem::path& path);
  Result<Folder> read(const std::filesystem::path& path) const;
  bool is_current(const Folder& folder, const std::filesystem::path& path) const;
  Status add(const std::filesystem::path& root, const std::string& below, int depth, std::string& text);

  const Clock& clock_;
  const Duration again_after_;
  std::map<std::string, Folder> known_;  ///< By path.
};

}  // namespace oodml::identity
