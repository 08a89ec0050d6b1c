#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/splits/split_file.h"

namespace oodml::commands {

struct ChosenSplit {
  splits::Split split;
  std::string role;  ///< easy, default or hard where nobody chose; default where it is the benchmark's own.
};

/// The splits with these ids, in this order; without ids the first of the file, that of the benchmark's default
/// training classes (without a benchmark: of the first half of all, by name), and the last, each once. kInvalidArgument
/// for ids that the file does not have or that come twice. benchmark may be null.
Result<std::vector<ChosenSplit>> choose_splits(const splits::SplitFile& file, const std::vector<std::string>& ids,
                                               const data::Benchmark* benchmark);

/// Every class of train or test of any of them, in order of the names.
std::vector<std::string> classes_of_splits(const std::vector<ChosenSplit>& chosen);

}  // namespace oodml::commands
