#pragma once

#include <optional>
#include <string_view>

namespace oodml::embedding_files {

/// The nearest double to a decimal number written with this mark, '.' or ','; beyond the range 0 or infinity. `inf` and
/// its kin are numbers here, `nan` is not: it is missing.
std::optional<double> parse_decimal(std::string_view text, char mark);

/// Nothing, or a word by which programs say that a value is missing: NA, nan, null, None, ...
bool is_missing(std::string_view text);

/// Digits alone.
bool is_plain_integer(std::string_view text);

}  // namespace oodml::embedding_files
