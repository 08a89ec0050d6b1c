#pragma once

#include <cstddef>
#include <string>

#include "core/figures/figure.h"

namespace oodml::figures {

/// Every number that is drawn: a heading, then a line a point or cell with
///   key,panel,series,x,y,low,high,label
/// `key` is PANEL.SERIES by their numbers from 0 on, PANEL.matrix for cells (x, y are their centres, low is the value):
/// by it the script finds its points. A place that is missing is NaN, what else is missing is empty. Numbers
/// read back as they are.
std::string csv_of(const Figure& figure);

/// "2.0"
std::string key_of(std::size_t panel, std::size_t series);
std::string matrix_key_of(std::size_t panel);

}  // namespace oodml::figures
