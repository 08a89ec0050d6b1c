#pragma once

#include <filesystem>

#include "core/scripts/access.h"

namespace oodml::trial {

/// Where a machine keeps what trials read.
struct Places {
  std::filesystem::path benchmarks_root;  ///< <root>/<benchmark>/...
  std::filesystem::path weights_root;     ///< <root>/<backbone>-NAME.safetensors
  scripts::Access scripts;                ///< Files of people's own code, and whether it runs here.
};

}  // namespace oodml::trial
