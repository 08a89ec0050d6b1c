#include "core/catalogue/script_name.h"
#include "core/sweep/expand.h"
#include "core/sweep/parse_sweep.h"
#include "core/sweep/sweep.h"

namespace oodml::sweep {
namespace {

Status fill_script_hashes(const ExpandOptions& options, job::SweepPlan& plan) {
  if (options.scripts.empty()) return {};
  for (job::PlannedTrial& trial : plan.trials) {
    bool filled = false;
    for (const catalogue::NamedScript& script : catalogue::named_scripts(trial.spec.values)) {
      const auto known = options.scripts.find(script.file);
      if (known == options.scripts.end()) continue;
      if (!script.sha256.empty() && script.sha256 != known->second) {
        return invalid_argument(options.file_name + ": " + script.hash_key + " says that script " + script.file +
                                " has the SHA-256 " + script.sha256 + ", but that of the file is " + known->second);
      }
      trial.spec.values.set(script.hash_key, known->second);
      filled = true;
    }
    if (filled) trial.fingerprint = fingerprint(trial.spec);
  }
  return {};
}

}  // namespace

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
  OODML_RETURN_IF_ERROR(fill_script_hashes(options, plan));
  return plan;
}

}  // namespace oodml::sweep
