#pragma once

#include <vector>

#include "core/commands/map_splits/output.h"
#include "core/figures/figure.h"

namespace oodml::commands {

/// A picture a split, called picture_<id>, and where there are several, picture_all with all of them side by side.
std::vector<figures::Figure> figures_of_maps(const MapSplitsOptions& options, const SplitMaps& maps);

}  // namespace oodml::commands
