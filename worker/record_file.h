#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace oodml::worker {

/// A file that is only appended to: records of [u32 length][u32 CRC-32][payload], little-endian. A crash leaves at
/// most a torn last record, which opening cuts off. Not safe from several threads.
class RecordFile {
 public:
  static constexpr std::uint32_t kMaxPayload = 1 << 20;
  static constexpr std::uint64_t kHeadBytes = 8;  ///< What a record has before its payload.

  /// Makes the file, or empties an old one.
  static Result<RecordFile> create(const std::filesystem::path& path);
  struct Opened;
  /// Reads every whole record and cuts off what follows the last of them.
  static Result<Opened> open(const std::filesystem::path& path);

  RecordFile(RecordFile&& other) noexcept { *this = std::move(other); }
  RecordFile& operator=(RecordFile&& other) noexcept;
  ~RecordFile();

  /// Writes the whole record or, when the disk refuses, leaves the file as it was.
  Status append(std::string_view payload);
  Status sync();
  /// Nothing is in the file from here on.
  Status clear();
  std::uint64_t size() const { return size_; }
  const std::filesystem::path& path() const { return path_; }
  /// The file was renamed; its path is now this.
  void moved_to(std::filesystem::path path) { path_ = std::move(path); }

 private:
  RecordFile(std::filesystem::path path, int fd, std::uint64_t size) : path_(std::move(path)), fd_(fd), size_(size) {}

  std::filesystem::path path_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

struct RecordFile::Opened {
  RecordFile file;
  std::vector<std::string> records;
  std::uint64_t bytes_cut = 0;  ///< Of a torn or damaged end.
};

}  // namespace oodml::worker
