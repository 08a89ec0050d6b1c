#pragma once

#include <string>

#include "core/commands/evaluate/measure.h"

namespace oodml::commands {

/// A line on the sets, then a line a metric; of a vector the first values.
std::string to_table(const Measured& measured);

/// {"version": 1, "files": {"rows": {"file": ..., "rows": N}}, "dimension": D, "classes": C, "clusters": k, "compat":
/// "corrected", "seconds": 0.6, "cpu_seconds": 1.1, "metrics": {"e_recall@1": 0.5, "rho_spectrum@0": [...]}}; a value
/// that is not finite is null.
std::string to_json(const Measured& measured);

}  // namespace oodml::commands
