#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oodml {

/// Whether `text` is UTF-8 without control characters, as class names must be.
bool is_printable(std::string_view text);

/// `text` for a message: control characters and bytes that are not UTF-8 become \xNN, so that a hostile file
/// name can neither break a line nor a protocol that wants UTF-8. At most `limit` bytes are shown, then "...".
std::string printable(std::string_view text, std::size_t limit = 300);

/// "a, b, c" or, past `limit` names, "a, b and 40 more"; every name printable.
std::string name_list(const std::vector<std::string>& names, std::size_t limit = 50);

}  // namespace oodml
