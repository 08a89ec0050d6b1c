#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/report/options.h"
#include "core/base/result.h"

namespace oodml::cli::report {

/// Reads --splits: FILE or BENCHMARK=FILE, where the file is a progression of `oodml splits create` (CSV with
/// run,key,swaps,fid,...,id) or a split file (.json, or .pkl as published). Splits without a FID are left out. A split
/// file's benchmark is its own where none is said. kInvalidArgument says what is wrong with which line.
Result<std::vector<SplitPoint>> read_split_points(const std::string& text);

}  // namespace oodml::cli::report
