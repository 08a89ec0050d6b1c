#include "coordinator/cli/curves/canvas.h"

#include <array>
#include <cstdlib>

namespace oodml::cli::curves {
namespace {

constexpr std::array<Colour, kLooks> kColoursOfCurves = {Colour::kCyan,  Colour::kYellow, Colour::kMagenta,
                                                         Colour::kGreen, Colour::kRed,    Colour::kBlue};
constexpr std::array<char, kLooks> kMarksOfCurves = {'*', 'o', '+', 'x', '#', '@'};

/// Bits of U+2800 and what follows, by row and column of the dot.
constexpr unsigned kBrailleDots[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

/// U+2800 + dots in UTF-8.
std::string braille(unsigned dots) {
  return {'\xe2', static_cast<char>(0xa0 | (dots >> 6)), static_cast<char>(0x80 | (dots & 0x3f))};
}

}  // namespace

Colour colour_of_curve(std::size_t number) { return kColoursOfCurves[number % kLooks]; }
char mark_of_curve(std::size_t number) { return kMarksOfCurves[number % kLooks]; }

std::string sample_of_curve(std::size_t number, Form form, const Style& style) {
  constexpr unsigned kMiddle = 0x04 | 0x20;
  const std::string sample =
      form == Form::kBraille ? braille(kMiddle) + braille(kMiddle) : std::string(1, mark_of_curve(number));
  return style.paint(colour_of_curve(number), sample);
}

Canvas::Canvas(std::size_t columns, std::size_t rows, Form form)
    : columns_(columns),
      rows_(rows),
      form_(form),
      across_(form == Form::kBraille ? 2 : 1),
      down_(form == Form::kBraille ? 4 : 1),
      cells_(columns * rows) {}

void Canvas::dot(long x, long y, std::size_t curve) {
  if (x < 0 || y < 0) return;
  const auto column = static_cast<std::size_t>(x), row = static_cast<std::size_t>(y);
  if (column >= dots_across() || row >= dots_down()) return;
  Cell& cell = cells_[row / down_ * columns_ + column / across_];
  cell.dots |= kBrailleDots[row % down_][column % across_];
  cell.curve = curve;
}

void Canvas::point(long x, long y, std::size_t curve) {
  dot(x, y, curve);
  if (form_ == Form::kMarks) return;
  for (const long column : {x - x % 2, x - x % 2 + 1}) {
    for (const long row : {y - y % 2, y - y % 2 + 1}) dot(column, row, curve);
  }
}

void Canvas::line(long x0, long y0, long x1, long y1, std::size_t curve) {
  // Bresenham, "Algorithm for computer control of a digital plotter", 1965: `error` is how far the dots are beside it.
  const long across = std::labs(x1 - x0), down = -std::labs(y1 - y0);
  const long right = x0 < x1 ? 1 : -1, below = y0 < y1 ? 1 : -1;
  long error = across + down;
  while (true) {
    dot(x0, y0, curve);
    if (x0 == x1 && y0 == y1) return;
    const long twice = 2 * error;
    if (twice >= down) {
      error += down;
      x0 += right;
    }
    if (twice <= across) {
      error += across;
      y0 += below;
    }
  }
}

std::string Canvas::text_of(const Cell& cell) const {
  if (cell.dots == 0) return " ";
  return form_ == Form::kBraille ? braille(cell.dots) : std::string(1, mark_of_curve(cell.curve));
}

std::vector<std::string> Canvas::lines(const Style& style) const {
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < rows_; ++row) {
    std::string line;
    for (std::size_t column = 0; column < columns_;) {
      // Characters of one colour are painted together.
      const Cell& first = cells_[row * columns_ + column];
      std::string run;
      for (; column < columns_; ++column) {
        const Cell& cell = cells_[row * columns_ + column];
        if ((cell.dots == 0) != (first.dots == 0) || (cell.dots != 0 && cell.curve != first.curve)) break;
        run += text_of(cell);
      }
      line += first.dots == 0 ? run : style.paint(colour_of_curve(first.curve), run);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace oodml::cli::curves
