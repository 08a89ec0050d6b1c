#pragma once

#include <string_view>

namespace oodml {

/// What files an image folder may have, for messages.
inline constexpr std::string_view kImageExtensions = ".jpg, .jpeg, .png or .webp";

/// .jpg, .jpeg, .png and .webp in any case.
bool has_image_extension(std::string_view name);

/// Why a file or folder of this name in a benchmark's folder is neither an image nor a class: hidden, or left there by
/// an operating system, an archive or a program. Empty when it takes part.
std::string_view why_left_out(std::string_view name);

}  // namespace oodml
