#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/base/clock.h"
#include "core/base/file_stamp.h"
#include "core/base/result.h"

namespace oodml::identity {

/// Hashes of the content of large files, read once as long as their stamps stay the same. Not thread-safe.
class FileHashes {
 public:
  /// `folder` keeps the hashes between runs, a small file each; empty: only this object remembers them.
  FileHashes(std::filesystem::path folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {}

  Result<std::string> of(const std::filesystem::path& file);

 private:
  struct Known {
    FileStamp stamp{};
    std::string hash;
  };
  std::filesystem::path record_of(const std::string& file) const;
  Known read(const std::string& file) const;

  const std::filesystem::path folder_;
  const Clock& clock_;
  std::map<std::string, Known> known_;  ///< By the file's absolute path.
};

}  // namespace oodml::identity
