#pragma once

#include <string>
#include <vector>

#include "core/sweep/diagnostics.h"
#include "core/sweep/settings.h"
#include "core/sweep/sweep_document.h"

namespace oodml::sweep {

/// Reads `for:`, a list of maps. Keys that are axes are conditions, as is everything below `when:`; the rest are
/// settings.
std::vector<Override> read_overrides(const Node& node, const std::vector<std::string>& axis_names,
                                     Diagnostics& diagnostics);

/// Reads `exclude:`, a list of maps whose keys are all conditions.
std::vector<Exclusion> read_exclusions(const Node& node, const std::vector<std::string>& axis_names,
                                       Diagnostics& diagnostics);

/// Reads `when:`, a map of conditions.
std::vector<Condition> read_when(const Node& node, const std::vector<std::string>& axis_names,
                                 Diagnostics& diagnostics);

/// Reports conditions on an axis that no entry of it fulfils in any of `blocks`: a typo would match nothing.
void check_conditions(const std::vector<Condition>& conditions, const std::vector<const Block*>& blocks,
                      Diagnostics& diagnostics);

/// One combination of entries, as conditions see it.
struct Combination {
  std::vector<std::pair<const SweepAxis*, const AxisEntry*>> entries;
  LayeredSettings settings;
};

bool matches(const std::vector<Condition>& conditions, const Combination& combination);

}  // namespace oodml::sweep
