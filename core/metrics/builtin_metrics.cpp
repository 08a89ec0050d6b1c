#include <utility>

#include "core/base/words.h"
#include "core/metrics/average_precision.h"
#include "core/metrics/f1.h"
#include "core/metrics/metric.h"
#include "core/metrics/nmi.h"
#include "core/metrics/recall.h"
#include "core/metrics/rho_spectrum.h"

namespace oodml::metrics {
namespace {

using Factory = Metric (*)(const catalogue::MetricName& name, const EvaluationOptions& options);

constexpr std::int64_t kLimitedDepth = 1023;  // the references' largest search on a GPU, the query left out
constexpr double kLeastInter = 1e-8;

/// c_ names the normalised rows.
Space space_of(const catalogue::MetricName& name) {
  return name.base.starts_with("c_") ? Space::kCosine : Space::kEuclidean;
}

PrecisionNormalizer normalizer_of(const EvaluationOptions& options) {
  return options.relevant_map_normalizer ? PrecisionNormalizer::kRelevant : PrecisionNormalizer::kClassSize;
}

Metric make_recall(const catalogue::MetricName& name, const EvaluationOptions&) {
  return {.space = space_of(name),
          .of_query = [k = name.k](const QueryRanks& query) { return recall_at(query, k); },
          .depth = RankDepth::kFirst};
}

Metric make_map(const catalogue::MetricName& name, const EvaluationOptions& options) {
  return {.space = space_of(name), .of_query = [normalizer = normalizer_of(options)](const QueryRanks& query) {
            return average_precision(query, query.rows, normalizer);
          }};
}

Metric make_map_1000(const catalogue::MetricName& name, const EvaluationOptions& options) {
  return {.space = space_of(name),
          .of_query = [normalizer = normalizer_of(options)](
                          const QueryRanks& query) { return average_precision(query, 1000, normalizer); },
          .depth = RankDepth::up_to(1000)};
}

Metric make_map_lim(const catalogue::MetricName& name, const EvaluationOptions& options) {
  return {.space = space_of(name),
          .of_query =
              [normalizer = normalizer_of(options)](const QueryRanks& query) {
                return average_precision(query, std::min(kLimitedDepth, query.rows), normalizer);
              },
          .depth = RankDepth::up_to(kLimitedDepth)};
}

Metric make_map_c(const catalogue::MetricName& name, const EvaluationOptions& options) {
  return {.space = space_of(name),
          .of_query = [normalizer = normalizer_of(options)](
                          const QueryRanks& query) { return class_average_precision(query, normalizer); },
          .depth = RankDepth::up_to(0)};
}

Metric make_nmi(const catalogue::MetricName& name, const EvaluationOptions&) {
  return {.space = space_of(name), .of_clusters = [](const LabelledSet& set, std::span<const std::int64_t> clusters) {
            return normalized_mutual_information(clusters, set.classes());
          }};
}

Metric make_f1(const catalogue::MetricName& name, const EvaluationOptions&) {
  return {.space = space_of(name), .of_clusters = [](const LabelledSet& set, std::span<const std::int64_t> clusters) {
            return pair_f1(clusters, set.classes());
          }};
}

Metric make_dists(const catalogue::MetricName& name, const EvaluationOptions&) {
  if (name.variant == "intra") return {.of_set = [](const SetFacts& facts) { return facts.distance_inside_classes(); }};
  if (name.variant == "inter")
    return {.of_set = [](const SetFacts& facts) { return facts.distance_between_classes(); }};
  return {.of_set = [](const SetFacts& facts) {
    return facts.distance_inside_classes() / std::max(facts.distance_between_classes(), kLeastInter);
  }};
}

Metric make_rho_spectrum(const catalogue::MetricName& name, const EvaluationOptions& options) {
  const auto kept = [truncate = options.truncate_rho || options.compat_paper](const SetFacts& facts) {
    return kept_singular_values(facts.singular_values(), facts.dimension(), truncate);
  };
  if (name.k == 0)
    return {.fact = SetFact::kSpectrum,
            .values_of_set = [kept](const SetFacts& facts) { return normalized_spectrum(kept(facts)); }};
  return {.fact = SetFact::kSpectrum,
          .of_set = [kept, m = name.k](const SetFacts& facts) { return rho_spectrum(kept(facts), m); }};
}

const std::vector<std::pair<std::string, Factory>>& builtin_metrics() {
  // clang-format off: one line a component
  static const std::vector<std::pair<std::string, Factory>> metrics = {
      {"e_recall", make_recall},
      {"c_recall", make_recall},
      {"a_recall", make_recall},
      {"nmi", make_nmi},
      {"f1", make_f1},
      {"c_nmi", make_nmi},
      {"c_f1", make_f1},
      {"mAP", make_map},
      {"mAP_1000", make_map_1000},
      {"mAP_c", make_map_c},
      {"mAP_lim", make_map_lim},
      {"c_mAP", make_map},
      {"c_mAP_1000", make_map_1000},
      {"c_mAP_c", make_map_c},
      {"c_mAP_lim", make_map_lim},
      {"dists", make_dists},
      {"rho_spectrum", make_rho_spectrum},
  };
  // clang-format on
  return metrics;
}

}  // namespace

Result<Metric> make_metric(const catalogue::MetricName& name, const EvaluationOptions& options) {
  for (const auto& [base, make] : builtin_metrics()) {
    if (base == name.base) return make(name, options);
  }
  return invalid_argument("unknown metric '" + name.base + "'; known: " + joined(metric_names()));
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : builtin_metrics()) names.push_back(name);
  return names;
}

}  // namespace oodml::metrics
