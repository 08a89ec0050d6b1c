#include "coordinator/submission/script_fit.h"

#include "core/catalogue/script_name.h"

namespace oodml::coordinator::submission {
namespace {

Result<std::int64_t> hold(ScriptFiles& files, const catalogue::NamedScript& script) {
  Result<std::int64_t> bytes = files.hold(script.sha256);
  if (bytes) return bytes;
  const std::string who = "script " + script.file + " with the SHA-256 " + script.sha256;
  if (bytes.error().code() == StatusCode::kNotFound) {
    return failed_precondition("the coordinator does not have " + who +
                               "; submit the sweep with oodml submit where the file lies");
  }
  return failure(bytes.error().code(), who + ": " + bytes.error().message());
}

}  // namespace

Result<store::ScriptSizes> check_scripts(const job::SweepPlan& plan, const SweepText& text,
                                         const SubmitOptions& options, ScriptFiles& files) {
  store::ScriptSizes sizes;
  for (const job::PlannedTrial& trial : plan.trials) {
    for (const catalogue::NamedScript& script : catalogue::named_scripts(trial.spec.values)) {
      if (!options.may_bring_scripts) return failure(no_right_to_scripts(options.owner));
      if (script.sha256.empty() && !text.scripts_on_workers) {
        return failed_precondition("the sweep names script " + script.file +
                                   ", which did not come with it: submit it with oodml submit where the file lies, or "
                                   "with --scripts-on-workers if the workers have it");
      }
      if (script.sha256.empty() || sizes.contains(script.sha256)) continue;
      OODML_ASSIGN_OR_RETURN(sizes[script.sha256], hold(files, script));
    }
  }
  return sizes;
}

}  // namespace oodml::coordinator::submission
