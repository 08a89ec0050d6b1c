#include <utility>

#include "core/metrics/average_precision.h"
#include "core/metrics/dists.h"
#include "core/metrics/metric.h"
#include "core/metrics/nmi.h"
#include "core/metrics/recall.h"

namespace oodml::metrics {
namespace {

using Factory = Metric (*)(const catalogue::MetricName& name, const EvaluationOptions& options);

PrecisionNormalizer normalizer_of(const EvaluationOptions& options) {
  return options.relevant_map_normalizer ? PrecisionNormalizer::kRelevant : PrecisionNormalizer::kClassSize;
}

Metric make_recall(const catalogue::MetricName& name, const EvaluationOptions&) {
  return {.of_query = [k = name.k](const QueryRanks& query) { return recall_at(query, k); },
          .first_rank_is_enough = true};
}

Metric make_map_1000(const catalogue::MetricName&, const EvaluationOptions& options) {
  return {.of_query = [normalizer = normalizer_of(options)](const QueryRanks& query) {
    return average_precision(query, 1000, normalizer);
  }};
}

Metric make_map_c(const catalogue::MetricName&, const EvaluationOptions& options) {
  return {.of_query = [normalizer = normalizer_of(options)](const QueryRanks& query) {
    return class_average_precision(query, normalizer);
  }};
}

Metric make_nmi(const catalogue::MetricName&, const EvaluationOptions&) {
  return {.of_clusters = [](const LabelledSet& set, std::span<const std::int64_t> clusters) {
    return normalized_mutual_information(clusters, set.classes());
  }};
}

Metric make_dists(const catalogue::MetricName& name, const EvaluationOptions&) {
  return {.of_set = name.variant == "intra" ? mean_distance_inside_classes : mean_distance_between_classes};
}

const std::vector<std::pair<std::string, Factory>>& builtin_metrics() {
  // clang-format off: one line a component
  static const std::vector<std::pair<std::string, Factory>> metrics = {
      {"e_recall", make_recall},
      {"nmi", make_nmi},
      {"mAP_1000", make_map_1000},
      {"mAP_c", make_map_c},
      {"dists", make_dists},
  };
  // clang-format on
  return metrics;
}

}  // namespace

Result<Metric> make_metric(const catalogue::MetricName& name, const EvaluationOptions& options) {
  std::string known;
  for (const auto& [base, make] : builtin_metrics()) {
    if (base == name.base) return make(name, options);
    known += (known.empty() ? "" : ", ") + base;
  }
  return invalid_argument("unknown metric '" + name.base + "'; known: " + known);
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : builtin_metrics()) names.push_back(name);
  return names;
}

}  // namespace oodml::metrics
