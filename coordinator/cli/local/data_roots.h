#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "coordinator/cli/session.h"

namespace oodml::cli {

/// Where this machine keeps what trials read.
struct DataRoots {
  std::filesystem::path benchmarks;  ///< One subfolder a benchmark.
  std::filesystem::path weights;     ///< Empty: no folder was named.
  bool named = false;                ///< By the person, with an option or a variable, and not by default.
};

/// --benchmarks-root, else $OODML_BENCHMARKS, else ~/.local/share/oodml/benchmarks; --weights-root, else
/// $OODML_WEIGHTS_ROOT. Absolute.
DataRoots data_roots(const Surroundings& around, const std::filesystem::path& benchmarks,
                     const std::filesystem::path& weights);

}  // namespace oodml::cli
