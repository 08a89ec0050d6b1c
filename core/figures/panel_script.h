#pragma once

#include <cstddef>
#include <string>

#include "core/figures/figure.h"
#include "core/figures/point_labels.h"

namespace oodml::figures {

/// The lines that draw one panel of a figure, of this size on paper, whose numbers are in the file that the script
/// calls `numbers`.
std::string panel_script(const Panel& panel, std::size_t number, PaperSize size);

}  // namespace oodml::figures
