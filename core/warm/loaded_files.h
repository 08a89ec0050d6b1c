#pragma once

#include <filesystem>
#include <utility>
#include <vector>

#include "core/base/file_stamp.h"

namespace oodml::warm {

/// This process's program and the libraries that were loaded with it, as they are on disk when this is made.
class LoadedFiles {
 public:
  LoadedFiles();
  /// Whether a process that is started now would load the same.
  bool are_unchanged() const;

 private:
  std::vector<std::pair<std::filesystem::path, FileStamp>> files_;
};

}  // namespace oodml::warm
