#include "coordinator/cli/curves/panel.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "coordinator/cli/output/text.h"

namespace oodml::cli::curves {
namespace {

constexpr std::size_t kLinesAround = 3;   ///< Title, axis, epochs.
constexpr std::size_t kLinesOfATick = 2;  ///< Along the scale.

void widen(std::optional<Range>& range, double value) {
  if (!range) range = Range{value, value};
  range->low = std::min(range->low, value);
  range->high = std::max(range->high, value);
}

/// Of the values that can be drawn.
std::optional<Range> values_of(const Panel& panel) {
  std::optional<Range> values;
  for (const Curve& curve : panel.curves) {
    for (const double value : curve.values) {
      if (std::isfinite(value)) widen(values, value);
    }
  }
  return values;
}

/// Numbers of an axis to dots or characters: `low` to the first, `high` to the last.
struct Scale {
  Range range;
  std::size_t places;

  long operator()(double value) const {
    const double share = (value - range.low) / (range.high - range.low);
    return std::lround(share * static_cast<double>(places - 1));
  }
  long from_the_top(double value) const { return static_cast<long>(places) - 1 - (*this)(value); }
};

void draw(const Curve& curve, const Scale& across, const Scale& up, Canvas& canvas) {
  const auto is_there = [&](std::size_t i) { return i < curve.values.size() && std::isfinite(curve.values[i]); };
  for (std::size_t i = 0; i < curve.epochs.size(); ++i) {
    if (!is_there(i)) continue;
    const long x = across(curve.epochs[i]), y = up.from_the_top(curve.values[i]);
    if (i > 0 && is_there(i - 1)) {
      canvas.line(across(curve.epochs[i - 1]), up.from_the_top(curve.values[i - 1]), x, y, curve.number);
    } else if (!is_there(i + 1)) {
      canvas.point(x, y, curve.number);
    } else {
      canvas.dot(x, y, curve.number);
    }
  }
}

/// Texts of the ticks along the scale by the line that they stand at.
std::map<long, std::string> scale_texts(const Scale& up, const Ticks& ticks, std::size_t lines) {
  std::map<long, std::string> texts;
  const long dots_of_a_line = static_cast<long>(up.places / lines);
  for (const double tick : ticks.at) texts[up.from_the_top(tick) / dots_of_a_line] = tick_text(tick, ticks.step);
  return texts;
}

struct Below {
  std::string axis, epochs;
};

/// The axis of epochs and their numbers, below `columns` characters that begin after `margin` others.
Below epoch_axis(Range epochs, std::size_t margin, std::size_t columns, const Style& style) {
  const Scale across{epochs, columns};
  const std::size_t widest = tick_text(epochs.high, 1.0).size() + 2;
  const double step =
      std::max(1.0, round_step(epochs.high - epochs.low, std::max<std::size_t>(columns / widest / 2, 1)));
  std::vector<std::string> axis(columns, style.utf8 ? "─" : "-");
  std::string numbers(margin + 1 + columns, ' ');
  std::size_t free_from = 0;
  for (const double tick : ticks_within(epochs, step)) {
    const auto column = static_cast<std::size_t>(across(tick));
    const std::string text = tick_text(tick, step);
    const std::size_t middle = margin + 1 + column;
    const std::size_t start = std::min(middle - std::min(middle, text.size() / 2), numbers.size() - text.size());
    if (start < free_from) continue;
    axis[column] = style.utf8 ? "┬" : "+";
    numbers.replace(start, text.size(), text);
    free_from = start + text.size() + 1;
  }
  std::string line = std::string(margin, ' ') + (style.utf8 ? "└" : "+");
  for (const std::string& piece : axis) line += piece;
  numbers.erase(numbers.find_last_not_of(' ') + 1);
  return {line, numbers};
}

std::vector<std::string> empty_panel(const Panel& panel, std::size_t width, std::size_t height, const Style& style) {
  std::vector<std::string> lines(height);
  lines[0] = style.paint(Colour::kBold, shortened(panel.title, width, style));
  lines[height / 2] = style.paint(Colour::kDim, shortened("  no figures yet", width, style));
  return lines;
}

}  // namespace

Range epochs_of(const std::vector<Panel>& panels) {
  std::optional<Range> epochs;
  for (const Panel& panel : panels) {
    for (const Curve& curve : panel.curves) {
      for (std::size_t i = 0; i < curve.epochs.size(); ++i) {
        if (std::isfinite(curve.values[i])) widen(epochs, curve.epochs[i]);
      }
    }
  }
  return epochs.value_or(Range{});
}

std::vector<std::string> panel_lines(const Panel& panel, Range epochs, std::size_t width, std::size_t height, Form form,
                                     const Style& style) {
  width = std::max(width, kLeastPanelWidth);
  height = std::max(height, kLeastPanelHeight);
  const std::optional<Range> extent = values_of(panel);
  if (!extent) return empty_panel(panel, width, height, style);

  const std::size_t rows = height - kLinesAround;
  const Range values = with_extent(*extent, extent->low == 0.0 ? 1.0 : 0.1 * std::abs(extent->low));
  const Ticks ticks = ticks_for(values, rows / kLinesOfATick);
  std::size_t margin = 0;
  for (const double tick : ticks.at) margin = std::max(margin, tick_text(tick, ticks.step).size());
  const std::size_t columns = width > margin + 2 ? width - margin - 1 : 2;

  Canvas canvas(columns, rows, form);
  epochs = with_extent(epochs, 1.0);
  const Scale across{epochs, canvas.dots_across()}, up{values, canvas.dots_down()};
  for (const Curve& curve : panel.curves) draw(curve, across, up, canvas);

  std::vector<std::string> lines = {style.paint(Colour::kBold, shortened(panel.title, width, style))};
  const std::map<long, std::string> texts = scale_texts(up, ticks, rows);
  const std::vector<std::string> drawn = canvas.lines(style);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto text = texts.find(static_cast<long>(row));
    const bool has_tick = text != texts.end();
    const char* edge = style.utf8 ? (has_tick ? "┤" : "│") : (has_tick ? "+" : "|");
    lines.push_back(padded(has_tick ? text->second : "", margin, Align::kRight) + edge + drawn[row]);
  }
  const Below below = epoch_axis(epochs, margin, columns, style);
  lines.push_back(below.axis);
  lines.push_back(below.epochs);
  return lines;
}

}  // namespace oodml::cli::curves
