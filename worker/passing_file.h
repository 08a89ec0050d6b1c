#pragma once

#include <filesystem>
#include <string_view>

#include "core/base/result.h"

namespace oodml::worker {

/// Writes a file that nobody needs after a power cut, when it may be missing or torn: two waits for the disk less than
/// write_file_atomically.
Status write_passing_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace oodml::worker
