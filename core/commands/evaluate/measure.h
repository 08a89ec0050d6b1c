#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/commands/evaluate/command.h"
#include "core/commands/share_line.h"
#include "core/metrics/evaluation.h"

namespace oodml::commands {

/// What `oodml-core evaluate` found.
struct Measured {
  struct Set {
    std::string role;  ///< rows; or queries, gallery
    std::string file;  ///< Or what embedded them.
    std::int64_t rows = 0;
  };
  std::vector<Set> sets;
  std::int64_t dimension = 0, classes = 0;
  std::int64_t clusters = 0;  ///< 0 where nothing can be clustered.
  bool compat_paper = false;
  std::vector<metrics::MetricValue> values;
  double seconds = 0.0;            ///< Of measuring alone, without reading the files.
  double cpu_seconds = 0.0;        ///< The same on the processors, all threads together.
  std::vector<std::string> notes;  ///< What a reader of the figures should know of the files; on stderr.
};

/// Reads the files, or embeds, and measures the rows; `line` is told how far that is. Names of metrics are checked
/// before a file is opened.
Result<Measured> measure(const EvaluateOptions& options, ShareLine& line);

}  // namespace oodml::commands
