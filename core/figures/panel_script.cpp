#include "core/figures/panel_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/figures/axis_ends.h"
#include "core/figures/axis_script.h"
#include "core/figures/figure_csv.h"
#include "core/figures/matrix_script.h"
#include "core/figures/script_text.h"
#include "core/figures/series_plots.h"

namespace oodml::figures {
namespace {

constexpr const char* kHeadings =
    "set title ''; unset arrow; unset label; unset key; unset xtics; unset ytics; unset y2tics; set bmargin; set colorbox\n";

/// gnuplot fails on a plot in which no point has a place.
bool has_points(const Series& series) {
  return std::ranges::any_of(series.y, [](double value) { return std::isfinite(value); });
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
    for (std::string& plot : series_plots(panel, i, key)) plots.push_back(std::move(plot));
  }
  text += legend_script(panel);
  if (labelled) text += labels_script(panel, size);
  return text + rules_script(panel.rules) + plot_command(plots);
}

}  // namespace

std::string panel_script(const Panel& panel, std::size_t number, PaperSize size) {
  std::string text = "\n" + std::string(kHeadings) + "set title " + quoted(panel.title) + " offset 0, -0.5\n";
  text += panel.square ? "set size ratio -1\n" : "set size noratio\n";
  return text + (panel.matrix ? matrix_script(panel, number, size) : series_script(panel, number, size));
}

}  // namespace oodml::figures
