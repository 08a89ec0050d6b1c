#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace oodml {

/// A character of a text and where its bytes stand.
struct CodePoint {
  char32_t value = 0;
  std::size_t offset = 0;
  std::size_t length = 0;  ///< Bytes, 1 to 4.
};

/// The character at `offset` of text that is UTF-8 (core/base/utf8.h); of other bytes the byte itself.
CodePoint code_point_at(std::string_view utf8, std::size_t offset);

/// The first character from `offset` on that is not ASCII.
std::optional<CodePoint> next_beyond_ascii(std::string_view utf8, std::size_t offset = 0);

/// At most `most` bytes of it, in whole characters.
std::string_view beginning_of(std::string_view utf8, std::size_t most);

/// "U+00A0".
std::string code_point_name(char32_t value);

}  // namespace oodml
