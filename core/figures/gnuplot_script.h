#pragma once

#include <string>

#include "core/figures/figure.h"

namespace oodml::figures {

/// The figure as a script of gnuplot 5.4 that reads NAME.csv (figure_csv.h) beside it:
///   gnuplot NAME.gp                        makes NAME.pdf
///   gnuplot -e "format='svg'" NAME.gp      makes NAME.svg
/// It is meant to be changed by people: a line an idea, lengths in centimetres, colours at the top. Texts of the figure
/// are quoted so that nothing in them is a command.
std::string gnuplot_script(const Figure& figure);

}  // namespace oodml::figures
