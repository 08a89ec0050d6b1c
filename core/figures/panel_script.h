#pragma once

#include <cstddef>
#include <string>

#include "core/figures/figure.h"
#include "core/figures/point_labels.h"

namespace oodml::figures {

/// A text in gnuplot's single quotes: nothing in it is a command or an escape.
std::string quoted(const std::string& text);

/// The lines that draw one panel of a figure, of this size on paper, whose numbers are in the file that the script
/// calls `numbers`.
std::string panel_script(const Panel& panel, std::size_t number, PaperSize size);

}  // namespace oodml::figures
