#include "coordinator/cli/curves/chart.h"

#include <algorithm>
#include <cmath>

#include "coordinator/cli/output/text.h"
#include "coordinator/cli/watch/screen.h"
#include "core/base/words.h"

namespace oodml::cli::curves {
namespace {

constexpr std::size_t kGoodPanelWidth = 56, kMostBeside = 3;
constexpr std::size_t kUsualPanelHeight = 12, kLargestPanelHeight = 20;
constexpr std::size_t kGap = 3;  ///< Between panels, and between names of the legend.

/// How the panels stand.
struct Layout {
  std::size_t beside = 1, shown = 0, width = 0, height = 0;
};

Layout layout_for(std::size_t panels, Room room) {
  Layout layout;
  layout.beside = std::clamp<std::size_t>(room.columns / kGoodPanelWidth, 1, std::min(kMostBeside, panels));
  layout.width = (room.columns + kGap) / layout.beside - kGap;
  const std::size_t below = (panels + layout.beside - 1) / layout.beside;
  const std::size_t has_room = room.rows == 0 ? below : std::max<std::size_t>(room.rows / kLeastPanelHeight, 1);
  const std::size_t shown_below = std::min(below, has_room);
  layout.shown = std::min(panels, shown_below * layout.beside);
  layout.height =
      room.rows == 0 ? kUsualPanelHeight : std::clamp(room.rows / shown_below, kLeastPanelHeight, kLargestPanelHeight);
  return layout;
}

std::vector<std::string> beside_each_other(const std::vector<std::vector<std::string>>& columns, std::size_t width) {
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < columns.front().size(); ++row) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::size_t start = i * (width + kGap), end = painted_width(line);
      if (start > end) line += std::string(start - end, ' ');
      line += columns[i][row];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> legend_lines(const Chart& chart, std::size_t width, Form form, const Style& style) {
  std::vector<std::string> lines;
  std::size_t used = 0;
  for (std::size_t i = 0; i < chart.names.size(); ++i) {
    const std::string name = shortened(one_line(chart.names[i]), width > 6 ? width - 3 : 3, style);
    const std::string item = sample_of_curve(i, form, style) + " " + name;
    const std::size_t wide = painted_width(item);
    if (lines.empty() || used + kGap + wide > width) {
      lines.push_back(item);
      used = wide;
    } else {
      lines.back() += std::string(kGap, ' ') + item;
      used += kGap + wide;
    }
  }
  return lines;
}

void append(std::vector<std::string>& lines, std::vector<std::string> more) {
  std::ranges::move(more, std::back_inserter(lines));
}

std::vector<std::string> note_lines(const Chart& chart, std::size_t shown, std::size_t width) {
  std::vector<std::string> lines;
  for (const std::string& note : chart.notes) append(lines, wrapped(note, width));
  if (shown == chart.panels.size()) return lines;
  std::vector<std::string> titles;
  for (std::size_t i = shown; i < chart.panels.size(); ++i) titles.push_back(chart.panels[i].title);
  append(lines,
         wrapped("No room for " + joined(titles, "; ") + ": choose with --metric, or use a larger window", width));
  return lines;
}

/// What is left for the panels; at least one row, as 0 is any number.
Room less(Room room, std::size_t rows) {
  if (room.rows == 0) return room;
  return {room.columns, room.rows > rows ? room.rows - rows : 1};
}

}  // namespace

Form form_for(const Chart& chart, const Style& style, bool plain) {
  const bool one_each = std::ranges::all_of(chart.panels, [](const Panel& panel) { return panel.curves.size() <= 1; });
  return style.utf8 && !plain && (style.colour || one_each) ? Form::kBraille : Form::kMarks;
}

std::vector<std::string> chart_lines(const Chart& chart, Room room, Form form, const Style& style) {
  std::vector<std::string> lines = wrapped(one_line(chart.heading), room.columns);
  append(lines, legend_lines(chart, room.columns, form, style));
  std::vector<std::string> notes = note_lines(chart, chart.panels.size(), room.columns);
  if (!chart.panels.empty()) {
    Layout layout = layout_for(chart.panels.size(), less(room, lines.size() + notes.size()));
    if (layout.shown < chart.panels.size()) {
      // The note on what has no room takes room itself.
      notes = note_lines(chart, layout.shown, room.columns);
      layout = layout_for(chart.panels.size(), less(room, lines.size() + notes.size()));
      notes = note_lines(chart, layout.shown, room.columns);
    }
    const Range epochs = epochs_of(chart.panels);
    for (std::size_t first = 0; first < layout.shown; first += layout.beside) {
      std::vector<std::vector<std::string>> row;
      for (std::size_t i = first; i < std::min(first + layout.beside, layout.shown); ++i) {
        row.push_back(panel_lines(chart.panels[i], epochs, layout.width, layout.height, form, style));
      }
      append(lines, beside_each_other(row, layout.width));
    }
  }
  append(lines, std::move(notes));
  if (room.rows > 0 && lines.size() > room.rows) lines.resize(room.rows);
  return lines;
}

figures::Figure picture_of(const Chart& chart, const std::string& name) {
  figures::Figure figure{.name = name, .caption = chart.heading, .columns = chart.panels.size() > 1 ? 2u : 1u};
  const Range epochs = with_extent(epochs_of(chart.panels), 1.0);
  // The legend stands in the panel: a long one would leave no room for the curves.
  constexpr double kLineOfLegendCm = 0.4;
  if (chart.names.size() > 4) figure.panel_height_cm += kLineOfLegendCm * static_cast<double>(chart.names.size() - 4);
  for (const Panel& panel : chart.panels) {
    figures::Panel drawn;
    drawn.title = panel.title;
    drawn.x = {.label = "epoch", .low = epochs.low, .high = epochs.high};
    for (const Curve& curve : panel.curves) {
      figures::Series series;
      series.name = curve.number < chart.names.size() ? chart.names[curve.number] : "";
      series.mark = curve.epochs.size() > 30 ? figures::Series::Mark::kLine : figures::Series::Mark::kLineAndPoints;
      series.x = curve.epochs;
      for (const double value : curve.values) series.y.push_back(std::isfinite(value) ? value : std::nan(""));
      series.colour = static_cast<int>(curve.number);
      drawn.series.push_back(std::move(series));
    }
    figure.panels.push_back(std::move(drawn));
  }
  return figure;
}

}  // namespace oodml::cli::curves
