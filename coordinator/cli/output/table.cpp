#include "coordinator/cli/output/table.h"

#include <algorithm>
#include <numeric>

namespace oodml::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastFlexible = 12;  ///< A shortened column still shows this much.

/// Which columns are shown, and how wide.
struct Layout {
  std::vector<std::size_t> shown;
  std::vector<std::size_t> widths;  ///< of every column

  std::size_t total() const {
    std::size_t sum = shown.empty() ? 0 : kGap * (shown.size() - 1);
    for (const std::size_t column : shown) sum += widths[column];
    return sum;
  }
};

std::size_t title_width(const std::string& title) {
  const auto cut = title.find('\n');
  if (cut == std::string::npos) return display_width(title);
  return std::max(display_width(title.substr(0, cut)), display_width(title.substr(cut + 1)));
}

/// Takes columns away from the widest flexible one until the table fits or none can give more.
void shrink(Layout& layout, const std::vector<Column>& columns, std::size_t limit) {
  while (layout.total() > limit) {
    std::size_t* widest = nullptr;
    for (const std::size_t column : layout.shown) {
      std::size_t& width = layout.widths[column];
      const std::size_t least = std::max(kLeastFlexible, title_width(columns[column].title));
      if (columns[column].overflow == Overflow::kKeep || width <= least) continue;
      if (widest == nullptr || width > *widest) widest = &width;
    }
    if (widest == nullptr) return;
    --*widest;
  }
}

Layout fit(const std::vector<Column>& columns, const std::vector<std::size_t>& natural, std::size_t limit) {
  Layout layout{std::vector<std::size_t>(columns.size()), natural};
  std::iota(layout.shown.begin(), layout.shown.end(), std::size_t{0});
  while (limit > 0) {
    layout.widths = natural;
    shrink(layout, columns, limit);
    // Of equals the last one goes first: people name what matters most first.
    const auto less = [&](std::size_t a, std::size_t b) { return columns[a].drop_order < columns[b].drop_order; };
    const auto victim = std::max_element(layout.shown.rbegin(), layout.shown.rend(), less);
    if (layout.total() <= limit || victim == layout.shown.rend() || columns[*victim].drop_order == 0) break;
    layout.shown.erase(std::next(victim).base());
  }
  return layout;
}

/// One row as one or more lines (wrapped cells).
std::string row_text(const std::vector<Cell>& row, const std::vector<Column>& columns, const Layout& layout,
                     const Style& style) {
  std::vector<std::vector<std::string>> cells;
  std::size_t height = 1;
  for (const std::size_t i : layout.shown) {
    const std::size_t width = layout.widths[i];
    const bool wrap = columns[i].overflow == Overflow::kWrap;
    cells.push_back(wrap ? wrapped(row[i].text, width) : std::vector{shortened(row[i].text, width, style)});
    height = std::max(height, cells.back().size());
  }
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    std::string built;
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const std::size_t i = layout.shown[k];
      const std::string cell = line < cells[k].size() ? cells[k][line] : "";
      const bool last = k + 1 == cells.size();
      const std::string aligned =
          last && columns[i].align == Align::kLeft ? cell : padded(cell, layout.widths[i], columns[i].align);
      built += (k > 0 ? std::string(kGap, ' ') : "") + style.paint(row[i].colour, aligned);
    }
    built.erase(built.find_last_not_of(' ') + 1);
    text += built + "\n";
  }
  return text;
}

/// One heading line, or two; the lower one is always filled.
std::string titles_text(const std::vector<Column>& columns, const Layout& layout, const Style& style) {
  std::vector<Cell> upper, lower;
  bool two = false;
  for (const Column& column : columns) {
    const auto cut = column.title.find('\n');
    const bool split = cut != std::string::npos;
    two = two || split;
    upper.emplace_back(split ? column.title.substr(0, cut) : "", Colour::kBold);
    lower.emplace_back(split ? column.title.substr(cut + 1) : column.title, Colour::kBold);
  }
  return (two ? row_text(upper, columns, layout, style) : "") + row_text(lower, columns, layout, style);
}

}  // namespace

void Table::add(std::vector<Cell> row) {
  for (Cell& cell : row) cell.text = one_line(cell.text);
  row.resize(columns_.size(), Cell(""));
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::natural_widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = title_width(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, display_width(row[i].text));
    widths.push_back(width);
  }
  return widths;
}

std::string Table::text(const Style& style) const {
  const Layout layout = fit(columns_, natural_widths(), style.width);
  std::string text = titles_text(columns_, layout, style);
  for (const auto& row : rows_) text += row_text(row, columns_, layout, style);
  return text;
}

std::vector<std::string> Table::left_out(const Style& style) const {
  const Layout layout = fit(columns_, natural_widths(), style.width);
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (std::find(layout.shown.begin(), layout.shown.end(), i) == layout.shown.end())
      titles.push_back(columns_[i].title);
  }
  return titles;
}

}  // namespace oodml::cli
