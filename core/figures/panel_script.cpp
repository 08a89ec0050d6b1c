#include "core/figures/panel_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/words.h"
#include "core/figures/axis_ends.h"
#include "core/figures/axis_script.h"
#include "core/figures/figure_csv.h"

namespace oodml::figures {
namespace {

using Mark = Series::Mark;

/// gnuplot fails on a plot in which no point has a place.
bool has_points(const Series& series) {
  return std::ranges::any_of(series.y, [](double value) { return std::isfinite(value); });
}

constexpr const char* kHeadings =
    "set title ''; unset arrow; unset label; unset key; unset xtics; unset ytics; unset y2tics; set bmargin; set colorbox\n";

/// The number in a column of the lines of this series; undefined in other lines, and where it is missing.
std::string column_of(const std::string& key, int column) {
  return fmt::format("(strcol(1) eq '{0}' ? ${1} : NaN)", key, column);
}

std::string title_of(const std::string& name) { return name.empty() ? "notitle" : "title " + quoted(name); }

int line_type(const Series& series, std::size_t number) {
  return (series.colour >= 0 ? series.colour : static_cast<int>(number)) + 1;
}

const char* style_of(Mark mark) {
  switch (mark) {
    case Mark::kLine:
      return "lines";
    case Mark::kPoints:
      return "points";
    case Mark::kSteps:
      return "steps";
    case Mark::kLineAndPoints:
    case Mark::kBars:
      break;
  }
  return "linespoints";
}

/// Of points, where it is not the usual one (gnuplot_script.cpp).
std::string size_of(const Series& series) {
  return series.point_size == 1.0 ? "" : fmt::format(" pointsize {:.3g}", 0.5 * series.point_size);
}

/// An error bar: from its low end, as far as the high one.
std::string length_of(const std::string& key) { return fmt::format("({} - {})", column_of(key, 7), column_of(key, 6)); }
std::string upright_bar(const std::string& key) { return fmt::format("{}:(0):{}", column_of(key, 6), length_of(key)); }

/// Half the width of bars along numbers: they leave a fifth of the smallest distance between them free.
double half_bar(const Series& series) {
  std::vector<double> places = series.x;
  std::erase_if(places, [](double place) { return !std::isfinite(place); });
  std::ranges::sort(places);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i] > places[i - 1]) least = std::min(least, places[i] - places[i - 1]);
  }
  return std::isfinite(least) ? 0.4 * least : 0.4;
}

std::string bar_look(int type, const std::string& name) {
  return fmt::format("with boxxyerror fillstyle solid 0.75 border linetype {0} linetype {0} linewidth 0.5 {1}", type,
                     title_of(name));
}

std::string numeric_bars(const Panel& panel, const Series& series, const std::string& key, int type) {
  const std::string x = column_of(key, 4), y = column_of(key, 5);
  return fmt::format("numbers skip 1 using {0}:{1}:({0}-{2:.6g}):({0}+{2:.6g}):({3:.10g}):{1} {4}", x, y,
                     half_bar(series), panel.y.low.value_or(0.0), bar_look(type, series.name));
}

std::vector<std::string> curve_plots(const Panel& panel, const Series& series, const std::string& key,
                                     std::size_t number) {
  const std::string x = column_of(key, 4), y = column_of(key, 5);
  const std::string axes = series.on_right_axis ? " axes x1y2" : "";
  const int type = line_type(series, number);
  std::vector<std::string> plots;
  if (!series.low.empty()) {
    plots.push_back(
        fmt::format("numbers skip 1 using {}:{}{} with vectors nohead linetype {} dashtype 1 linewidth 0.9 notitle", x,
                    upright_bar(key), axes, type));
  }
  if (series.mark == Mark::kBars) {
    plots.insert(plots.begin(), numeric_bars(panel, series, key, type));
  } else {
    plots.push_back(fmt::format("numbers skip 1 using {}:{}{} with {} linetype {}{}{} {}", x, y, axes,
                                style_of(series.mark), type, series.dashed ? " dashtype 2" : "", size_of(series),
                                title_of(series.name)));
  }
  return plots;
}

/// Bars of several series stand beside each other, together 0.8 of a category wide.
std::vector<std::string> bar_plots(const Panel& panel, std::size_t number, const std::string& key) {
  const Series& series = panel.series[number];
  const double width = panel.beside ? 0.8 / static_cast<double>(panel.series.size()) : 0.8;
  const double shift = panel.beside ? -0.4 + (static_cast<double>(number) + 0.5) * width : 0.0;
  const Axis& values = panel.horizontal ? panel.x : panel.y;
  const std::string place = fmt::format("({}+{:.6g})", column_of(key, 4), shift),
                    half = fmt::format("{:.6g}", width / 2);
  const std::string base = fmt::format("({:.10g})", values.low.value_or(0.0));
  const std::string low = fmt::format("({}-{})", place, half), high = fmt::format("({}+{})", place, half);
  const int type = line_type(series, number);
  const std::string look = bar_look(type, series.name);
  const bool lie = panel.horizontal;
  const std::string value = column_of(key, 5);
  constexpr const char* kErrors = "with vectors nohead linecolor rgb '#222222' linewidth 0.9 notitle";
  std::vector<std::string> plots = {
      lie ? fmt::format("numbers skip 1 using {0}:{1}:{2}:{0}:{3}:{4} {5}", value, place, base, low, high, look)
          : fmt::format("numbers skip 1 using {1}:{0}:{3}:{4}:{2}:{0} {5}", value, place, base, low, high, look)};
  if (series.low.empty()) return plots;
  plots.push_back(
      lie ? fmt::format("numbers skip 1 using {}:{}:{}:(0) {}", column_of(key, 6), place, length_of(key), kErrors)
          : fmt::format("numbers skip 1 using {}:{} {}", place, upright_bar(key), kErrors));
  return plots;
}

std::string plot_command(const std::vector<std::string>& plots) {
  if (plots.empty()) return "set label 'nothing to draw' at graph 0.5, 0.5 center\nplot [0:1] [0:1] 1/0 notitle\n";
  return "plot " + joined(plots, ", \\\n     ") + "\n";
}

/// Below the panel, in as many columns as its names leave room for.
std::string legend_script(const Panel& panel) {
  std::size_t names = 0, longest = 0;
  for (const Series& series : panel.series) {
    names += series.name.empty() ? 0 : 1;
    longest = std::max(longest, series.name.size());
  }
  const bool turned = !panel.categories.empty() && !panel.horizontal;
  const double below = 2.4 + (panel.x.label.empty() ? 0.0 : 1.2) + (turned ? 2.5 : 0.0);
  if (!panel.legend || names == 0) return fmt::format("set bmargin {:.1f}\n", below);
  const std::size_t columns = std::clamp<std::size_t>(44 / (longest + 5), 1, 4);
  const double rows = static_cast<double>((names + columns - 1) / columns);
  return fmt::format(
      "set bmargin {:.1f}\nset key bmargin center horizontal Left reverse maxcols {} samplen 1.5 spacing 0.9 font small\n",
      below + 0.2 + 0.8 * rows, columns);
}

std::string series_script(const Panel& given, std::size_t number, PaperSize size) {
  const bool labelled = given.categories.empty() && has_labels(given);
  const Panel panel = labelled ? with_ends(given) : given;
  std::string text = axis_script("x", panel.x) + axis_script("y", panel.y);
  text += panel.right ? axis_script("y2", *panel.right) : "set y2label ''\n";
  if (panel.categories.empty()) text += x_tics_script(panel, size);
  if (panel.horizontal) text += lying_tics_script(panel, size);
  const std::string along = panel.horizontal ? "y" : "x";
  if (!panel.categories.empty()) {
    text += named_tics(along, panel.categories, panel.horizontal ? "" : " rotate by -25");
    const double count = static_cast<double>(panel.categories.size());
    text += panel.horizontal ? fmt::format("set yrange [{}:-0.5]\n", count - 0.5)
                             : fmt::format("set xrange [-0.5:{}]\n", count - 0.5);
  }
  std::vector<std::string> plots;
  for (std::size_t i = 0; i < panel.series.size(); ++i) {
    if (!has_points(panel.series[i])) continue;
    const std::string key = key_of(number, i);
    for (std::string& plot :
         panel.categories.empty() ? curve_plots(panel, panel.series[i], key, i) : bar_plots(panel, i, key)) {
      plots.push_back(std::move(plot));
    }
  }
  text += legend_script(panel);
  if (labelled) text += labels_script(panel, size);
  return text + rules_script(panel.rules) + plot_command(plots);
}

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

}  // namespace

std::string quoted(const std::string& text) {
  std::string inside;
  for (const char c : text) {
    if (c == '\'')
      inside += "''";
    else if (static_cast<unsigned char>(c) < 0x20)
      inside += ' ';
    else
      inside += c;
  }
  return "'" + inside + "'";
}

std::string panel_script(const Panel& panel, std::size_t number, PaperSize size) {
  std::string text = "\n" + std::string(kHeadings) + "set title " + quoted(panel.title) + " offset 0, -0.5\n";
  text += panel.square ? "set size ratio -1\n" : "set size noratio\n";
  return text + (panel.matrix ? matrix_script(panel, number, size) : series_script(panel, number, size));
}

}  // namespace oodml::figures
