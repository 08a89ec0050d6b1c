#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/base/clock.h"

namespace oodml {

/// By what a file or folder is recognised as unchanged: device, inode, times of modification and change in nanoseconds,
/// size. Nobody can set a time of change back.
using FileStamp = std::array<std::int64_t, 5>;

/// nullopt when it is not there or cannot be examined. Links are followed.
std::optional<FileStamp> file_stamp(const std::filesystem::path& path);

/// Whether a change from now on would show in the stamp: one within the same tick of the file system's clock does not.
bool is_settled(const FileStamp& stamp, Time now);

}  // namespace oodml
