#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/metrics/evaluation.h"

namespace oodml::commands {

/// What `oodml-core evaluate` found.
struct Measured {
  struct Set {
    std::string role;  ///< rows; or queries, gallery
    std::string file;
    std::int64_t rows = 0;
  };
  std::vector<Set> sets;
  std::int64_t dimension = 0, classes = 0;
  std::int64_t clusters = 0;  ///< 0 where nothing can be clustered.
  std::vector<metrics::MetricValue> values;
  double seconds = 0.0;            ///< Of measuring alone, without reading the files.
  std::vector<std::string> notes;  ///< What a reader of the figures should know of the files; on stderr.
};

/// A line on the sets, then a line a metric; of a vector the first values.
std::string to_table(const Measured& measured);

/// {"version": 1, "files": {"rows": {"file": ..., "rows": N}}, "dimension": D, "classes": C, "clusters": k, "compat":
/// "corrected", "seconds": 0.6, "metrics": {"e_recall@1": 0.5, "rho_spectrum@0": [...]}}; a value that is not finite is
/// null.
std::string to_json(const Measured& measured, const std::string& compat);

}  // namespace oodml::commands
