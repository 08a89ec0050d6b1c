#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/cli/output/style.h"
#include "core/base/counted.h"

namespace oodml::cli {

/// Terminal columns of UTF-8 text, one a code point: what the tool prints is Latin, signs and bars.
std::size_t display_width(std::string_view text);

/// Text from elsewhere (labels, failure messages) made safe for a terminal: control characters, escape
/// sequences included, become spaces; runs of white space become one.
std::string one_line(std::string_view text);

enum class Align { kLeft, kRight };
std::string padded(std::string_view text, std::size_t width, Align align);

/// At most `width` columns; what is cut is shown by an ellipsis.
std::string shortened(std::string_view text, std::size_t width, const Style& style);

/// Lines of at most `width` columns, broken at spaces where there are any. Never empty.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// "3/10"; "3" where no total is known.
std::string of_total(std::int64_t done, std::int64_t total);

/// 42 s, 3 min 05 s, 2 h 10 min, 3 d 4 h; for negative seconds "".
std::string duration_text(double seconds);
/// "just now", "3 min ago"; "" for a time of 0.
std::string ago_text(std::int64_t time_millis, std::int64_t now_millis);

/// 512 B, 2.4 KiB, 12.3 GiB.
std::string bytes_text(std::int64_t bytes);

/// Fixed decimals; "-" for NaN.
std::string fixed_text(double value, int decimals);

}  // namespace oodml::cli
