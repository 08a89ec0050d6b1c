#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace oodml::sweep {

/// How a text stands in a YAML file. Whatever its author can see and means is accepted: look-alikes of ASCII where
/// they stand in quotes, any space in a description.
enum class Writing { kPlain, kQuoted, kDescription };

/// A character that is not what it looks like, or that cannot be seen.
struct OddCharacter {
  std::size_t offset = 0;
  std::size_t length = 0;  ///< Bytes.
  std::string what;        ///< "U+00A0, a no-break space; type a plain space"
};

/// The first character of `text` (UTF-8) that is not accepted in such a text: invisible characters, spaces other than
/// the plain one, line ends and control characters of Unicode, marks of writing direction, and (plain) quotes, dashes
/// and full-width forms that stand in the place of ASCII.
std::optional<OddCharacter> find_odd(std::string_view text, Writing writing);

/// Why the bytes are no text that can be read: not UTF-8, a control character, a carriage return that ends no line.
std::optional<OddCharacter> find_unreadable(std::string_view text);

}  // namespace oodml::sweep
