#pragma once

#include <cstddef>
#include <string>

#include "core/figures/figure.h"
#include "core/figures/point_labels.h"

namespace oodml::figures {

/// The lines that draw a panel of coloured cells: its axes end at the cells' edges.
std::string matrix_script(const Panel& panel, std::size_t number, PaperSize size);

}  // namespace oodml::figures
