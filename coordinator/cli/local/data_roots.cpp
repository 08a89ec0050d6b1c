#include "coordinator/cli/local/data_roots.h"

namespace oodml::cli {
namespace {

std::filesystem::path absolute_or_empty(const std::filesystem::path& path) {
  return path.empty() ? path : std::filesystem::absolute(path).lexically_normal();
}

}  // namespace

DataRoots data_roots(const Surroundings& around, const std::filesystem::path& benchmarks,
                     const std::filesystem::path& weights) {
  DataRoots roots{.benchmarks = benchmarks, .weights = weights};
  if (roots.benchmarks.empty()) roots.benchmarks = around.environment("OODML_BENCHMARKS").value_or("");
  if (roots.weights.empty()) roots.weights = around.environment("OODML_WEIGHTS_ROOT").value_or("");
  roots.named = !roots.benchmarks.empty();
  if (!roots.named) {
    roots.benchmarks =
        std::filesystem::path(around.environment("HOME").value_or(".")) / ".local/share/oodml/benchmarks";
  }
  return {absolute_or_empty(roots.benchmarks), absolute_or_empty(roots.weights), roots.named};
}

}  // namespace oodml::cli
