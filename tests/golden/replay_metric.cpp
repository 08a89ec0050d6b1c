#include "core/metrics/evaluation.h"
#include "core/metrics/nmi.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

std::span<const std::int64_t> values_of(const torch::Tensor& tensor) {
  return {tensor.const_data_ptr<std::int64_t>(), static_cast<std::size_t>(tensor.numel())};
}

/// Reads the parameters of a metric case, each of which must be known.
metrics::EvaluationOptions options_of(const Case& golden) {
  metrics::EvaluationOptions options{.metrics = {golden.name}};
  for (const auto& [name, value] : golden.params.items()) {
    if (name == "k") {
      options.metrics[0] += "@" + std::to_string(value.get<std::int64_t>());
    } else if (name == "exclude_self" && (value == "index" || value == "column")) {
      options.exclude_self_by_index = value == "index";
    } else if (name == "map_normalizer" && (value == "class_size" || value == "relevant")) {
      options.relevant_map_normalizer = value == "relevant";
    } else {
      throw CaseError("unknown parameter " + name + " of the metric " + golden.name);
    }
  }
  return options;
}

}  // namespace

void replay_metric(const Case& golden, bool, Comparison& comparison) {
  if (golden.name == "nmi" && golden.params.empty()) {  // from given clusters, not from embeddings
    comparison.check("out.value", metrics::normalized_mutual_information(values_of(golden.at("in.clusters")),
                                                                         values_of(golden.at("in.labels"))));
    return;
  }
  const auto results = metrics::evaluate(golden.at("in.embeddings"), golden.at("in.labels"), options_of(golden));
  if (!results) throw CaseError(results.error().message());
  comparison.check("out.value", results->front().value);
}

}  // namespace oodml::golden
