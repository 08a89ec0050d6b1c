#pragma once

#include <string>
#include <vector>

#include "core/figures/figure.h"
#include "core/figures/point_labels.h"

namespace oodml::figures {

/// Label, range, scale and numbers of the axis x, y or y2.
std::string axis_script(const std::string& axis, const Axis& wanted);

/// Numbers along x as far apart as they are long; gnuplot's own are for wide pictures.
std::string x_tics_script(const Panel& panel, PaperSize size);

/// The same along bars that lie: their numbers are y, and their names take half of the width.
std::string lying_tics_script(const Panel& panel, PaperSize size);

/// Names in the place of numbers along an axis; `turned` is gnuplot's: " rotate by -35", or empty.
std::string named_tics(const std::string& axis, const std::vector<std::string>& names, const char* turned);

/// Lines across the panel with their labels.
std::string rules_script(const std::vector<Rule>& rules);

}  // namespace oodml::figures
