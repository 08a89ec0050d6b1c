#include "core/commands/evaluate/evaluation.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <string_view>

#include "core/commands/evaluate/asked_metrics.h"

namespace oodml::commands {

metrics::EvaluationOptions evaluation_of(const EvaluateOptions& options, metrics::EvaluationOptions usual,
                                         ShareLine& line) {
  if (usual.metrics.empty() || !options.metrics.empty()) usual.metrics = asked_metrics(options);
  if (options.clusters > 0) usual.clusters = options.clusters;
  if (!options.exclude_self.empty()) usual.exclude_self_by_index = options.exclude_self == "index";
  if (!options.map_normalizer.empty()) usual.relevant_map_normalizer = options.map_normalizer == "relevant";
  if (!options.compat.empty()) usual.compat_paper = options.compat == "paper";
  usual.progress = [&line](std::string_view what, double share) { line.show(what, share); };
  return usual;
}

Status take(Measured& measured, const std::string& what,
            const std::function<Result<std::vector<metrics::MetricValue>>()>& work) {
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t cpu_start = std::clock();
  auto values = work();
  if (!values) return {values.error().code(), what + ": " + values.error().message()};
  measured.values = *std::move(values);
  measured.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  measured.cpu_seconds = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
  return {};
}

void note_misses(const torch::Tensor& labels, const torch::Tensor& among, std::int64_t classes, std::int64_t least,
                 const std::string& what, std::vector<std::string>& notes) {
  const auto misses = among.bincount({}, classes).index_select(0, labels).lt(least).sum().item<std::int64_t>();
  if (misses == 0) return;
  notes.push_back(fmt::format("{} of {} {}: nothing can be found for them, and they count with 0 in recall and mAP",
                              misses, labels.size(0), what));
}

}  // namespace oodml::commands
