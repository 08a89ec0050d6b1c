#include "coordinator/sweep_planner.h"

#include "core/splits/split_file_name.h"
#include "core/sweep/sweep.h"

namespace oodml::coordinator {
namespace {

Result<std::vector<std::string>> ids_of(const std::vector<SplitIds>& known, const std::string& benchmark,
                                        const std::string& file) {
  for (const SplitIds& split : known) {
    if (split.benchmark == benchmark && split.split_file == file) return split.ids;
  }
  return not_found(
      "no connected worker has said the ids of benchmark '" + benchmark + "' (they say those of " +
      splits::kUsualSplitFile +
      " and the published pickles), and neither has the caller, who names a folder with --benchmarks-root");
}

}  // namespace

Result<job::SweepPlan> plan_sweep_text(const SweepText& text) {
  const auto split_ids = [&text](const std::string& benchmark, const std::string& file) {
    return ids_of(text.split_ids, benchmark, file);
  };
  sweep::ExpandOptions options{.file_name = text.file_name, .settings = text.overrides, .split_ids = split_ids};
  for (const ScriptOfSweep& script : text.scripts) options.scripts[script.file] = script.sha256;
  return sweep::plan_sweep(text.yaml, options);
}

}  // namespace oodml::coordinator
