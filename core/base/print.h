#pragma once

#include <cstdio>
#include <string_view>

#include "core/base/result.h"

namespace oodml {

/// Writes to stdout what a command was asked for, at once. kUnavailable or kResourceExhausted says that not all of it
/// could be written: a full disk, a terminal that was closed.
Status print_out(std::string_view text);

/// Tells a person something on stderr, at once. A terminal that was closed meanwhile changes nothing.
void print_note(std::string_view text, std::FILE* out = stderr);

}  // namespace oodml
