#pragma once

#include <filesystem>
#include <string>

namespace oodml {

/// DEVICE:INODE, by which two programs on one machine know whether they mean the same file, whatever its path; empty
/// where it cannot be examined.
std::string file_id(const std::filesystem::path& file);

}  // namespace oodml
