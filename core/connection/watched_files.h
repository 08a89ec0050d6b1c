#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "core/base/file_stamp.h"

namespace oodml {

/// Files that somebody may replace while a program runs; look() is asked now and then. Not thread-safe.
class WatchedFiles {
 public:
  /// What they are now is known. Before they are read: a change under the reading is seen then.
  explicit WatchedFiles(std::vector<std::filesystem::path> files);

  /// Whether one was written, replaced, made or removed since they were known, and none was since the look before: of a
  /// pair that is being replaced, or of a file that is being written, nobody is told half-way. Then that is known.
  bool look();

 private:
  using Stamps = std::vector<std::optional<FileStamp>>;
  Stamps stamps() const;

  const std::vector<std::filesystem::path> files_;
  Stamps known_, seen_;
};

}  // namespace oodml
