#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace oodml::cli {

enum class Colour { kNone, kRed, kGreen, kYellow, kCyan, kBlue, kMagenta, kDim, kBold };

/// What the place that text goes to can show. The default is a pipe or a file: no colour, any width.
struct Style {
  bool colour = false;
  bool utf8 = true;
  std::size_t width = 0;  ///< columns; 0 is unlimited

  std::string paint(Colour colour, std::string_view text) const;
  const char* ellipsis() const { return utf8 ? "…" : "..."; }
  const char* plus_minus() const { return utf8 ? "±" : "+-"; }
  const char* separator() const { return utf8 ? " · " : ", "; }
};

/// The colour that a trial's or sweep's state is shown in.
Colour colour_of_state(std::string_view state);

}  // namespace oodml::cli
