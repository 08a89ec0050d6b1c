#include "core/connection/watched_files.h"

#include <system_error>
#include <utility>

namespace oodml {

WatchedFiles::WatchedFiles(std::vector<std::filesystem::path> files)
    : files_(std::move(files)), known_(stamps()), seen_(known_) {}

bool WatchedFiles::look() {
  const Stamps before = std::exchange(seen_, stamps());
  if (seen_ == known_ || seen_ != before) return false;
  known_ = seen_;
  return true;
}

WatchedFiles::Stamps WatchedFiles::stamps() const {
  Stamps stamps;
  for (const std::filesystem::path& file : files_) {
    std::error_code error;  // a pipe can be read once: it never changes
    const bool is_file = std::filesystem::is_regular_file(file, error);
    stamps.push_back(is_file ? file_stamp(file) : std::nullopt);
  }
  return stamps;
}

}  // namespace oodml
