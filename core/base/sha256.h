#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace oodml {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// SHA-256 of a file, read in pieces.
Result<std::string> sha256_hex_of_file(const std::filesystem::path& path);

}  // namespace oodml
