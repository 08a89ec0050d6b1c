#include "core/base/printable.h"

#include <algorithm>
#include <cstdint>

#include "core/base/utf8.h"

namespace oodml {
namespace {

/// Bytes of the character there; 0 when it is a control character or not UTF-8.
std::size_t printable_length(std::string_view text, std::size_t position) {
  const auto first = static_cast<std::uint8_t>(text[position]);
  return first < 0x20 || first == 0x7F ? 0 : utf8_length_at(text, position);
}

std::string escaped(char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<std::uint8_t>(c);
  return {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace

bool is_printable(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    const std::size_t length = printable_length(text, position);
    if (length == 0) return false;
    position += length;
  }
  return true;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string shown;
  std::size_t position = 0;
  while (position < text.size()) {
    if (shown.size() >= limit) return shown + "...";
    const std::size_t length = printable_length(text, position);
    shown += length == 0 ? escaped(text[position]) : std::string(text.substr(position, length));
    position += std::max<std::size_t>(length, 1);
  }
  return shown;
}

std::string name_list(const std::vector<std::string>& names, std::size_t limit) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < limit; ++i) text += (i == 0 ? "" : ", ") + printable(names[i]);
  if (names.size() > limit) text += " and " + std::to_string(names.size() - limit) + " more";
  return text;
}

}  // namespace oodml
