#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/output/style.h"
#include "coordinator/cli/output/text.h"

namespace oodml::cli {

/// How a column behaves when the table is wider than the terminal.
enum class Overflow { kKeep, kShorten, kWrap };

struct Column {
  std::string title;  ///< A line break makes a second heading line.
  Align align = Align::kLeft;
  Overflow overflow = Overflow::kKeep;
  int drop_order = 0;  ///< Left out when there is no room: the largest first; 0 never.
};

struct Cell {
  Cell(std::string text, Colour colour = Colour::kNone) : text(std::move(text)), colour(colour) {}  // NOLINT
  Cell(const char* text) : text(text) {}                                                            // NOLINT
  std::string text;
  Colour colour;
};

/// Rows under titles, fitted to style.width: first shortened or wrapped, then columns left out.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// As many cells as columns; texts become one line.
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }

  /// Lines that end in a newline; columns two spaces apart, nothing after the last one.
  std::string text(const Style& style) const;

  /// Titles of the columns that have no room in style.width.
  std::vector<std::string> left_out(const Style& style) const;

 private:
  std::vector<std::size_t> natural_widths() const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace oodml::cli
