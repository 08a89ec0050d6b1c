#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/figures/figure.h"

namespace oodml::figures {

/// The plots of one series of a panel, whose lines have this key: error bars, then what it is drawn as.
std::vector<std::string> series_plots(const Panel& panel, std::size_t number, const std::string& key);

}  // namespace oodml::figures
