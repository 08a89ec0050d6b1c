#include "core/figures/matrix_script.h"

#include <fmt/format.h>

#include <vector>

#include "core/figures/axis_script.h"
#include "core/figures/figure_csv.h"
#include "core/figures/script_text.h"

namespace oodml::figures {
namespace {

/// From the least to the largest: dark blue to yellow, as cividis; with 0 in the middle: blue, white, orange.
std::string colours_of(const Matrix& matrix) {
  if (matrix.diverging)
    return "set palette defined (-1 '#0072b2', 0 '#ffffff', 1 '#d55e00')\nset cbrange [-1:1]\nunset logscale cb\n";
  return fmt::format(
      "set palette defined (0 '#00224e', 0.25 '#434e6c', 0.5 '#7d7c78', 0.75 '#bcaf6f', 1 '#fee838')\nset cbrange [*:*]\n"
      "{} logscale cb\nset format cb '{}'\n",
      matrix.logarithmic ? "set" : "unset", matrix.logarithmic ? "%.0e" : "%g");
}

/// Half the distance of two cells' centres.
double half_cell(const std::vector<double>& centres) {
  return centres.size() < 2 ? 0.5 : (centres.back() - centres.front()) / static_cast<double>(centres.size() - 1) / 2;
}

/// Ends of an axis at the cells' edges; cells that have names lie at 0, 1, ...
void end_at_edges(Axis& axis, const std::vector<double>& centres, std::size_t cells) {
  if (cells == 0) return;
  const double half = half_cell(centres);
  if (!axis.low) axis.low = (centres.empty() ? 0.0 : centres.front()) - half;
  if (!axis.high) axis.high = (centres.empty() ? static_cast<double>(cells) - 1.0 : centres.back()) + half;
}

Panel with_edges(const Panel& given) {
  Panel panel = given;
  const Matrix& matrix = *panel.matrix;
  end_at_edges(panel.x, matrix.x, matrix.values.empty() ? 0 : matrix.values.front().size());
  end_at_edges(panel.y, matrix.y, matrix.values.size());
  return panel;
}

}  // namespace

std::string matrix_script(const Panel& given, std::size_t number, PaperSize size) {
  const Panel panel = with_edges(given);
  const Matrix& matrix = *panel.matrix;
  const std::string key = matrix_key_of(number), x = column_of(key, 4), y = column_of(key, 5);
  std::string text = axis_script("x", panel.x) + axis_script("y", panel.y) + "set y2label ''\n" + colours_of(matrix);
  text += x_tics_script(panel, size);
  if (!matrix.columns.empty()) text += named_tics("x", matrix.columns, " rotate by -35");
  if (!matrix.rows.empty()) text += named_tics("y", matrix.rows, "");
  const auto cell = [](const std::string& centre, double half) {
    return fmt::format("({0}-{1:.6g}):({0}+{1:.6g})", centre, half);
  };
  std::vector<std::string> plots = {fmt::format(
      "numbers skip 1 using {}:5:{}:{}:6 with boxxyerror fillcolor palette fillstyle solid noborder notitle", x,
      cell(x, half_cell(matrix.x)), cell("$5", half_cell(matrix.y)))};
  if (matrix.numbered) {
    text += "unset colorbox\n";  // the numbers say it, and the cells get its room
    plots.push_back(fmt::format(
        "numbers skip 1 using {}:{}:(strlen(strcol(6)) ? sprintf('%.2f', $6) : '') with labels font small notitle", x,
        y));
  }
  return text + rules_script(panel.rules) + plot_command(plots);
}

}  // namespace oodml::figures
