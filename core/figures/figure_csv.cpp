#include "core/figures/figure_csv.h"

#include <cmath>
#include <limits>
#include <vector>

#include "core/base/csv_text.h"
#include "core/base/words.h"

namespace oodml::figures {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

struct Point {
  double x, y, low = kMissing, high = kMissing;
  std::string label = {};
};

/// gnuplot knows no quotes inside quotes, and a line is a point.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '"') c = '\'';
    if (c == '\n' || c == '\r') c = ' ';
  }
  return csv_field(text);
}

/// gnuplot passes over a line that lacks its place, and would bridge the hole.
std::string at_place(double value) { return std::isnan(value) ? "NaN" : csv_number(value); }

std::string line_of(const std::string& key, const std::string& panel, const std::string& series, const Point& point) {
  return joined(std::vector<std::string>{key, one_line(panel), one_line(series), at_place(point.x), at_place(point.y),
                                         csv_number(point.low), csv_number(point.high), one_line(point.label)},
                ",") +
         "\n";
}

double at_or_missing(const std::vector<double>& values, std::size_t i) {
  return i < values.size() ? values[i] : kMissing;
}

std::string lines_of(const Panel& panel, const Series& series, const std::string& key) {
  std::string text;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    Point point{series.x[i], series.y[i], at_or_missing(series.low, i), at_or_missing(series.high, i)};
    if (i < series.labels.size()) point.label = series.labels[i];
    if (panel.categories.size() > static_cast<std::size_t>(point.x))
      point.label = panel.categories[static_cast<std::size_t>(point.x)];
    text += line_of(key, panel.title, series.name, point);
  }
  return text;
}

std::string lines_of(const Panel& panel, const Matrix& matrix, const std::string& key) {
  std::string text;
  for (std::size_t row = 0; row < matrix.values.size(); ++row) {
    for (std::size_t column = 0; column < matrix.values[row].size(); ++column) {
      const double x = matrix.x.empty() ? static_cast<double>(column) : matrix.x[column];
      const double y = matrix.y.empty() ? static_cast<double>(row) : matrix.y[row];
      Point point{x, y, matrix.values[row][column]};
      if (!matrix.rows.empty()) point.label = matrix.rows[row];
      text += line_of(key, panel.title, matrix.columns.empty() ? "" : matrix.columns[column], point);
    }
  }
  return text;
}

}  // namespace

std::string key_of(std::size_t panel, std::size_t series) {
  return std::to_string(panel) + "." + std::to_string(series);
}
std::string matrix_key_of(std::size_t panel) { return std::to_string(panel) + ".matrix"; }

std::string csv_of(const Figure& figure) {
  std::string text = "key,panel,series,x,y,low,high,label\n";
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const Panel& panel = figure.panels[i];
    if (panel.matrix) text += lines_of(panel, *panel.matrix, matrix_key_of(i));
    for (std::size_t j = 0; j < panel.series.size(); ++j) text += lines_of(panel, panel.series[j], key_of(i, j));
  }
  return text;
}

}  // namespace oodml::figures
