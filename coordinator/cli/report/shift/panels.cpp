#include "coordinator/cli/report/shift/panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace oodml::cli::report {
namespace {

constexpr std::size_t kColumns = 3;
constexpr double kOneColumnCm = 8.4, kBothColumnsCm = 17.6;

}  // namespace

bool can_show_shift(const ShiftGrid& grid, const std::string& figure, Section& section) {
  if (!has_figure(grid, figure)) {
    section.missing.push_back(grid.title + ": no finished run has measured " + figure_title(figure));
    return false;
  }
  if (grid.shifts() < 2) {
    section.missing.push_back(fmt::format(
        "{}: {} of {} splits have a FID, and two are wanted to show a shift; split files say it beside each "
        "split (oodml splits create), and trials report it",
        grid.title, grid.shifts(), grid.splits.size()));
    return false;
  }
  return true;
}

figures::Panel shift_panel(const ShiftGrid& grid, const std::string& y_label) {
  figures::Panel panel{.title = grid.heading(), .x = {.label = "FID of the split"}, .y = {.label = y_label}};
  for (const ShiftGrid::Split& split : grid.splits) {
    if (split.is_default && split.fid)
      panel.rules.push_back({.at = *split.fid, .vertical = true, .label = "default split"});
  }
  return panel;
}

std::vector<figures::Figure> in_columns(const std::string& name, const std::string& caption,
                                        std::vector<figures::Panel> panels) {
  std::vector<figures::Figure> list;
  const std::size_t rows = (panels.size() + kColumns - 1) / kColumns;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t first = row * kColumns, count = std::min(kColumns, panels.size() - first);
    figures::Figure figure{.name = rows == 1 ? name : fmt::format("{}_{}", name, row + 1),
                           .caption = caption,
                           .columns = count,
                           .panel_width_cm = count == 1 ? kOneColumnCm : kBothColumnsCm / static_cast<double>(count),
                           .panel_height_cm = 5.0,
                           .shared_legend = true};
    std::move(panels.begin() + static_cast<std::ptrdiff_t>(first),
              panels.begin() + static_cast<std::ptrdiff_t>(first + count), std::back_inserter(figure.panels));
    list.push_back(std::move(figure));
  }
  return list;
}

}  // namespace oodml::cli::report
