#include "core/metrics/evaluation.h"
#include "core/metrics/f1.h"
#include "core/metrics/few_shot_statistic.h"
#include "core/metrics/nmi.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

std::span<const std::int64_t> figures_of(const torch::Tensor& tensor) {
  return {tensor.const_data_ptr<std::int64_t>(), static_cast<std::size_t>(tensor.numel())};
}

/// Reads the parameters of a metric case, each of which must be known.
metrics::EvaluationOptions options_of(const Case& golden, bool compat_paper) {
  metrics::EvaluationOptions options{.metrics = {golden.name}, .compat_paper = compat_paper};
  for (const auto& [name, value] : golden.params.items()) {
    if (name == "k" || name == "m") {
      options.metrics[0] += "@" + std::to_string(value.get<std::int64_t>());
    } else if (name == "exclude_self" && (value == "index" || value == "column")) {
      options.exclude_self_by_index = value == "index";
    } else if (name == "map_normalizer" && (value == "class_size" || value == "relevant")) {
      options.relevant_map_normalizer = value == "relevant";
    } else if (name == "truncate" && value.is_boolean()) {
      options.truncate_rho = value.get<bool>();
    } else {
      throw CaseError("unknown parameter " + name + " of the metric " + golden.name);
    }
  }
  return options;
}

/// Metrics that are given their clusters instead of embeddings.
void replay_clusters(const Case& golden, Comparison& comparison) {
  const auto& name = golden.name;
  if (name != "nmi" && name != "f1" && name != "c_nmi" && name != "c_f1") {
    throw CaseError("the metric " + name + " is not made of clusters");
  }
  if (!golden.params.empty()) throw CaseError("unknown parameters of the metric " + name);
  const auto on_cpu = [&](const char* name) { return golden.at(name).cpu(); };
  const auto cluster_rows = on_cpu("in.clusters"), class_rows = on_cpu("in.labels");
  const auto clusters = figures_of(cluster_rows), classes = figures_of(class_rows);
  comparison.check("out.value", name.ends_with("nmi") ? metrics::normalized_mutual_information(clusters, classes)
                                                      : metrics::pair_f1(clusters, classes));
}

/// Rows are episodes, columns metrics.
void replay_few_shot(const Case& golden, Comparison& comparison) {
  double confidence = 0.95;
  for (const auto& [name, value] : golden.params.items()) {
    if (name != "confidence") throw CaseError("unknown parameter " + name + " of few_shot_statistic");
    confidence = value.get<double>();
  }
  const auto columns = golden.at("in.value").cpu().to(at::kDouble).t().contiguous();
  std::vector<double> means, half_widths;
  for (const auto& column : columns.unbind(0)) {
    const std::span<const double> episodes(column.const_data_ptr<double>(), static_cast<std::size_t>(column.numel()));
    const auto statistic = metrics::few_shot_statistic(episodes, confidence);
    means.push_back(statistic.mean);
    half_widths.push_back(statistic.half_width);
  }
  comparison.check("out.mean", at::tensor(means, at::kDouble));
  comparison.check("out.half_width", at::tensor(half_widths, at::kDouble));
}

}  // namespace

void replay_metric(const Case& golden, bool compat_paper, Comparison& comparison) {
  if (golden.name == "few_shot_statistic") return replay_few_shot(golden, comparison);
  if (golden.has("in.clusters")) return replay_clusters(golden, comparison);
  auto options = options_of(golden, compat_paper);
  if (golden.name == "pads_svd") {  // PADS's name of a truncated KL(spectrum || uniform)
    options.metrics = {"rho_spectrum@-1"};
    options.truncate_rho = true;
  }
  const auto& embeddings = golden.at("in.embeddings");
  const auto labels = golden.has("in.labels") ? golden.at("in.labels")
                                              : at::zeros({embeddings.size(0)}, embeddings.options().dtype(at::kLong));
  const auto results = metrics::evaluate(embeddings, labels, options);
  if (!results) throw CaseError(results.error().message());
  const auto& [name, value, values] = results->front();
  if (values.empty()) return comparison.check("out.value", value);
  comparison.check("out.value", at::tensor(values, at::kDouble));
}

}  // namespace oodml::golden
