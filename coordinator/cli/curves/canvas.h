#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "coordinator/cli/output/style.h"

namespace oodml::cli::curves {

/// How curves become characters.
enum class Form {
  kBraille,  ///< 2 x 4 dots a character, curves told apart by colour.
  kMarks,    ///< ASCII, a character of its own for each curve.
};

/// So many curves are told apart; the next ones look as the first ones again.
inline constexpr std::size_t kLooks = 6;
Colour colour_of_curve(std::size_t number);
char mark_of_curve(std::size_t number);
/// What stands before its name in a legend, painted.
std::string sample_of_curve(std::size_t number, Form form, const Style& style);

/// A part of the terminal to draw in. Dots are counted from the top left; those outside are not drawn. Where curves
/// meet in one character, the one drawn last gives colour and mark.
class Canvas {
 public:
  Canvas(std::size_t columns, std::size_t rows, Form form);

  std::size_t dots_across() const { return columns_ * across_; }
  std::size_t dots_down() const { return rows_ * down_; }

  void dot(long x, long y, std::size_t curve);
  /// A dot that is alone, large enough to be seen.
  void point(long x, long y, std::size_t curve);
  void line(long x0, long y0, long x1, long y1, std::size_t curve);

  /// A line a row, each `columns` wide, painted where the style has colours.
  std::vector<std::string> lines(const Style& style) const;

 private:
  struct Cell {
    unsigned dots = 0;  ///< Bits of the braille pattern; any bit: marked.
    std::size_t curve = 0;
  };
  std::string text_of(const Cell& cell) const;

  const std::size_t columns_, rows_;
  const Form form_;
  const std::size_t across_, down_;  ///< Dots of a character.
  std::vector<Cell> cells_;
};

}  // namespace oodml::cli::curves
