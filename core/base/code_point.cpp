#include "core/base/code_point.h"

#include <cstdio>

#include "core/base/utf8.h"

namespace oodml {

CodePoint code_point_at(std::string_view utf8, std::size_t offset) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[offset + i]); };
  const std::size_t length = utf8_length_at(utf8, offset);
  if (length < 2) return {.value = byte(0), .offset = offset, .length = 1};
  char32_t value = byte(0) & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = (value << 6) | (byte(i) & 0x3fU);
  return {.value = value, .offset = offset, .length = length};
}

std::optional<CodePoint> next_beyond_ascii(std::string_view utf8, std::size_t offset) {
  for (; offset < utf8.size(); ++offset) {
    if (static_cast<unsigned char>(utf8[offset]) >= 0x80) return code_point_at(utf8, offset);
  }
  return std::nullopt;
}

std::string_view beginning_of(std::string_view utf8, std::size_t most) {
  if (utf8.size() <= most) return utf8;
  while (most > 0 && (static_cast<unsigned char>(utf8[most]) & 0xc0) == 0x80) --most;
  return utf8.substr(0, most);
}

std::string code_point_name(char32_t value) {
  char text[16];
  std::snprintf(text, sizeof(text), "U+%04X", static_cast<unsigned>(value));
  return text;
}

}  // namespace oodml
