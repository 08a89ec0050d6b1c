#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace oodml {

/// The bytes of the UTF-8 character that starts at `bytes[position]`, 1 to 4; 0 when it is not one (stray or
/// missing continuation bytes, overlong forms, surrogates, beyond U+10FFFF).
std::size_t utf8_length_at(std::string_view bytes, std::size_t position);

/// The offset of the first byte that is not UTF-8.
std::optional<std::size_t> first_invalid_utf8(std::string_view bytes);

/// The text with every byte that is not UTF-8 replaced by U+FFFD.
std::string to_valid_utf8(std::string_view bytes);

}  // namespace oodml
