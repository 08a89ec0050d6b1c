#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace oodml::coordinator::artifacts {

/// An open file of the store. Links are not followed: the folder may be shared with other machines.
class DiskFile {
 public:
  /// kNotFound: it is not there.
  static Result<DiskFile> open_to_read(const std::filesystem::path& path);
  /// Made with mode 0600 when it is missing.
  static Result<DiskFile> open_to_write(const std::filesystem::path& path);

  DiskFile(DiskFile&& other) noexcept;
  DiskFile& operator=(DiskFile&&) = delete;
  ~DiskFile();

  Result<std::int64_t> size() const;
  /// At most `count` bytes from `offset` on; fewer, or none, at the end.
  Result<std::string> read(std::int64_t offset, std::size_t count) const;
  /// All of `bytes`; on a full disk (kResourceExhausted) some may have been written.
  Status write(std::int64_t offset, std::string_view bytes) const;
  Status truncate(std::int64_t size) const;
  Status sync() const;

 private:
  DiskFile(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}

  std::filesystem::path path_;
  int fd_;
};

}  // namespace oodml::coordinator::artifacts
