#pragma once

#include <cstdint>
#include <string>

#include "core/split_creation/progression.h"

namespace oodml::split_creation {

/// The runs that made the published splits of cub200, cars196 and online_products (docs/splits.md#published-runs).
/// Another benchmark gets those of cub200, the released program's defaults; where `smaller_set`, the classes of the
/// smaller set, is less than 61, with a shorter history, and where it is less than 10, with fewer pairs.
ProgressionOptions published_runs(const std::string& benchmark, std::int64_t smaller_set);

}  // namespace oodml::split_creation
