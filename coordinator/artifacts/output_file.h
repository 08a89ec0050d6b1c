#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

/// What one attempt's process printed, in one file of at most 16 MiB: the first 8 MiB for good, and of what follows the
/// newest 7. The file holds its length, whether more comes, the first part, and a ring of 8 MiB for the rest; the
/// ring's eighth megabyte is what a chunk may have overwritten when a kill kept the new length from being written.
namespace oodml::coordinator::artifacts {

inline constexpr std::int64_t kOutputHead = 8 << 20;
inline constexpr std::int64_t kOutputTail = 7 << 20;

struct OutputState {
  std::int64_t end = 0;  ///< Bytes that the process printed, as far as they came.
  bool over = false;     ///< Nothing follows.
  /// Where the newest part that is kept begins; kOutputHead, or less, while all is kept.
  std::int64_t tail_begin() const { return end - kOutputTail > kOutputHead ? end - kOutputTail : kOutputHead; }
  std::int64_t left_out() const { return tail_begin() - kOutputHead; }
};

/// Nothing yet where there is no such file.
Result<OutputState> look_at_output(const std::filesystem::path& file);

/// Writes what is new of `data`; where it begins beyond the end, nothing. At most job::kMaxChunkBytes.
Result<OutputState> append_to_output(const std::filesystem::path& file, std::int64_t offset, std::string_view data,
                                     bool over);

struct OutputBytes {
  std::int64_t offset = 0;  ///< Where data begins: at the end where there is none, later than asked for across a hole.
  std::string data;         ///< At most job::kMaxChunkBytes.
  OutputState state;
};
/// From `offset` on; negative: so many bytes before the end.
Result<OutputBytes> read_output(const std::filesystem::path& file, std::int64_t offset);

}  // namespace oodml::coordinator::artifacts
