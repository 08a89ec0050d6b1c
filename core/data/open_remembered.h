#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/data/benchmark_place.h"
#include "core/data/dataset.h"

namespace oodml::data {

/// Hears, a line each, what people are to know and what fails nothing.
using Warn = std::function<void(std::string)>;

struct OpenedBenchmark {
  std::shared_ptr<const Benchmark> benchmark;
  std::string layout;  ///< As it was read: never `default`.
};

/// open_benchmark with what large folders hold remembered between runs, below cache_folder(); where that cannot be
/// written folders are listed each time. What is odd about the folder goes to `warn` (folder_remarks.h). A folder that
/// is not there or damaged is a failure of this machine.
Result<OpenedBenchmark> open_remembered(const BenchmarkPlace& place, const Warn& warn);

}  // namespace oodml::data
