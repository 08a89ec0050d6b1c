#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace oodml::sweep {

/// What most likely made a text no YAML, and the byte where it stands.
struct Misread {
  std::size_t offset = 0;
  std::string what;
};

/// The parser gives up at `offset` with `message` (yaml-cpp's): looks there, and at the line above, for what people
/// write by mistake: tabs, a missing space after a colon, a colon in a text, odd indentation, characters that look
/// like others. Without a guess, the message itself.
Misread explain(std::string_view text, std::size_t offset, std::string_view message);

}  // namespace oodml::sweep
