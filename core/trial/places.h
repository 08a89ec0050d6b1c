#pragma once

#include <filesystem>

namespace oodml::trial {

/// Where a machine keeps what trials read.
struct Places {
  std::filesystem::path benchmarks_root;  ///< <root>/<benchmark>/...
  std::filesystem::path weights_root;     ///< <root>/<backbone>-NAME.safetensors
};

}  // namespace oodml::trial
