#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace oodml::data {

/// Where a benchmark lies and how its folder is read.
struct BenchmarkPlace {
  std::string name;
  std::filesystem::path folder;
  std::string layout = "default";  ///< default, or empty: as the catalogue says.
};

/// How the folder is read, never `default`. kInvalidArgument names the layouts where neither place nor catalogue says.
Result<std::string> layout_of(const BenchmarkPlace& place);

}  // namespace oodml::data
