#include "core/figures/gnuplot_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/figures/palette.h"
#include "core/figures/panel_script.h"
#include "core/figures/shared_legend.h"

namespace oodml::figures {
namespace {

/// Larger than on paper: a screen is farther away.
constexpr double kPixelsPerCm = 1.4 * 96 / 2.54;

std::string heading(const Figure& figure, double width, double height) {
  return fmt::format(
      "# gnuplot {0}.gp                        makes {0}.pdf\n"
      "# gnuplot -e \"format='svg'\" {0}.gp      makes {0}.svg\n"
      "if (!exists('format')) format = 'pdf'\n"
      "set encoding utf8\n"
      "if (format eq 'pdf') set terminal pdfcairo noenhanced color size {1:.2f}cm, {2:.2f}cm font 'sans,7'\n"
      "if (format eq 'svg') set terminal svg noenhanced size {3:.0f}, {4:.0f} font 'sans,12' background 'white'\n"
      "small = (format eq 'svg') ? ',9.5' : ',5.5'\n"
      "set output '{0}.'.format\n"
      "numbers = '{0}.csv'\n"
      "set datafile separator comma\n"
      "set datafile commentschars ''\n",
      figure.name, width, height, width * kPixelsPerCm, height * kPixelsPerCm);
}

std::string line_styles() {
  std::string text;
  for (std::size_t i = 0; i < 5 * kColours; ++i) {
    text += fmt::format("set linetype {} linecolor rgb '{}' pointtype {} pointsize 0.5 dashtype {} linewidth 1.2\n",
                        i + 1, colour(i), point_type(i), dash_type(i));
  }
  return text;
}

constexpr const char* kLook =
    "set border 3 linecolor rgb '#444444'\n"
    "set tics nomirror out scale 0.5 textcolor rgb '#222222'\n"
    "set grid back linecolor rgb '#dddddd' linetype 1 linewidth 0.5 dashtype 1\n"
    "set bars 0.4\n";

}  // namespace

std::string gnuplot_script(const Figure& figure) {
  const std::size_t columns =
      std::clamp<std::size_t>(figure.columns, 1, std::max<std::size_t>(figure.panels.size(), 1));
  const std::size_t rows = std::max<std::size_t>((figure.panels.size() + columns - 1) / columns, 1);
  const double width = static_cast<double>(columns) * figure.panel_width_cm;
  const double legend = shared_legend_cm(figure, width);
  const double height = static_cast<double>(rows) * figure.panel_height_cm + legend;
  std::string text = heading(figure, width, height) + line_styles() + kLook;
  const PaperSize size = {.width_cm = figure.panel_width_cm, .height_cm = figure.panel_height_cm};
  if (legend == 0.0) {
    text += fmt::format("set multiplot layout {}, {}\n", rows, columns);
    for (std::size_t i = 0; i < figure.panels.size(); ++i) text += panel_script(figure.panels[i], i, size);
    return text + "unset multiplot\nunset output\n";
  }
  text += "set multiplot\n";
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    Panel panel = figure.panels[i];
    panel.legend = false;
    text +=
        fmt::format("\nset size {:.4f}, {:.4f}; set origin {:.4f}, {:.4f}", 1.0 / static_cast<double>(columns),
                    figure.panel_height_cm / height, static_cast<double>(i % columns) / static_cast<double>(columns),
                    (legend + static_cast<double>(rows - 1 - i / columns) * figure.panel_height_cm) / height);
    text += panel_script(panel, i, size);
  }
  return text + shared_legend_script(figure, width, legend / height) + "unset multiplot\nunset output\n";
}

}  // namespace oodml::figures
