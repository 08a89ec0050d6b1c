#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"

namespace oodml::identity {

/// By what a file or folder is recognised as unchanged: device, inode, times of modification and change in nanoseconds,
/// size. Nobody can set a time of change back.
using FileStamp = std::array<std::int64_t, 5>;

/// nullopt when it is not there or cannot be examined. Links are followed.
std::optional<FileStamp> file_stamp(const std::filesystem::path& path);

/// Whether a change from now on would show in the stamp: one within the same tick of the file system's clock does not.
bool is_settled(const FileStamp& stamp, Time now);

/// The first 32 hexadecimal digits of the SHA-256: what a data stamp holds.
std::string short_hash(std::string_view bytes);

}  // namespace oodml::identity
