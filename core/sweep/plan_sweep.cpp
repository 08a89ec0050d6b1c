#include "core/sweep/expand.h"
#include "core/sweep/parse_sweep.h"
#include "core/sweep/sweep.h"

namespace oodml::sweep {

Result<job::SweepPlan> plan_sweep(std::string_view yaml, const ExpandOptions& options) {
  Diagnostics diagnostics(options.file_name, options.limits.max_errors);
  if (yaml.size() <= options.limits.max_bytes) diagnostics.read_line_origins(yaml);
  SweepDocument document;
  parse_sweep(yaml, options, document, diagnostics);
  job::SweepPlan plan;
  plan.name = document.name;
  plan.source = yaml;
  plan.max_parallel = document.max_parallel;
  plan.max_failures = document.max_failures;
  expand(document, options.limits, plan, diagnostics);
  if (diagnostics.any()) return diagnostics.failure();
  return plan;
}

}  // namespace oodml::sweep
