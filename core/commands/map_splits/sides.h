#pragma once

#include <vector>

#include "core/commands/map_splits/output.h"

namespace oodml::commands {

/// Where a class stands in a split; removed: in neither list.
enum class Side { kTrain, kTest, kRemoved };
const char* name_of(Side side);

/// [N] of every point in this split.
std::vector<Side> sides_of(const SplitMaps& maps, const splits::Split& split);

}  // namespace oodml::commands
