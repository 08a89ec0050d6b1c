#pragma once

#include <string>

#include "core/figures/figure.h"

namespace oodml::figures {

/// Height on paper of the figure's shared legend; 0 where it has none or no series has a name.
double shared_legend_cm(const Figure& figure, double width_cm);

/// Draws the legend over the whole width of the figure below its panels: each name once, as the first panel that has it
/// draws it. `share` is the legend's part of the figure's height.
std::string shared_legend_script(const Figure& figure, double width_cm, double share);

}  // namespace oodml::figures
