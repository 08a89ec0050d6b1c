#include "core/metrics/evaluation.h"

#include <algorithm>
#include <numeric>

#include "core/catalogue/catalogue.h"
#include "core/metrics/faiss_kmeans.h"
#include "core/metrics/metric.h"
#include "core/metrics/neighbour_ranks.h"

namespace oodml::metrics {
namespace {

/// Fills the values of the metrics that are means over queries.
Status evaluate_queries(const LabelledSet& set, const EvaluationOptions& options, const std::vector<Metric>& metrics,
                        std::vector<MetricValue>& results) {
  std::vector<std::size_t> wanted;
  NeighbourOptions neighbours{.exclude_self_by_index = options.exclude_self_by_index,
                              .depth = RankDepth::kFirst,
                              .keep_going = options.keep_going};
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (!metrics[m].of_query) continue;
    wanted.push_back(m);
    if (!metrics[m].first_rank_is_enough) neighbours.depth = RankDepth::kAll;
  }
  if (wanted.empty()) return {};

  // Kept for each row and summed in order, so that threads do not change a bit.
  const auto n = static_cast<std::size_t>(set.size());
  std::vector<std::vector<double>> of_rows(wanted.size(), std::vector<double>(n));
  OODML_RETURN_IF_ERROR(visit_same_class_ranks(set, neighbours, [&](std::int64_t row, const QueryRanks& query) {
    for (std::size_t w = 0; w < wanted.size(); ++w) of_rows[w][row] = metrics[wanted[w]].of_query(query);
  }));
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    results[wanted[w]].value = std::accumulate(of_rows[w].begin(), of_rows[w].end(), 0.0) / static_cast<double>(n);
  }
  return {};
}

Status evaluate_clusters(const LabelledSet& set, const EvaluationOptions& options, const std::vector<Metric>& metrics,
                         std::vector<MetricValue>& results) {
  if (std::none_of(metrics.begin(), metrics.end(), [](const Metric& m) { return bool(m.of_clusters); })) return {};
  const KmeansOptions kmeans{.clusters = options.clusters > 0 ? options.clusters : set.n_classes(),
                             .keep_going = options.keep_going};
  OODML_ASSIGN_OR_RETURN(const Clustering clustering, faiss_kmeans(set.embeddings(), kmeans));
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].of_clusters) results[m].value = metrics[m].of_clusters(set, clustering.assignment);
  }
  return {};
}

}  // namespace

Result<std::vector<MetricValue>> evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                          const EvaluationOptions& options) {
  if (options.clusters < 0) return invalid_argument("evaluate: clusters must be 0 (the classes of the set) or larger");
  std::vector<Metric> metrics;
  std::vector<MetricValue> results;
  for (const std::string& name : options.metrics) {
    OODML_ASSIGN_OR_RETURN(const catalogue::MetricName parsed, catalogue::parse_metric(name));
    OODML_ASSIGN_OR_RETURN(Metric metric, make_metric(parsed, options));
    metrics.push_back(std::move(metric));
    results.push_back({name, 0.0});
  }
  const at::NoGradGuard no_grad;
  OODML_ASSIGN_OR_RETURN(const LabelledSet set, LabelledSet::make(embeddings, labels));
  OODML_RETURN_IF_ERROR(evaluate_clusters(set, options, metrics, results));
  OODML_RETURN_IF_ERROR(evaluate_queries(set, options, metrics, results));
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].of_set) results[m].value = metrics[m].of_set(set);
  }
  return results;
}

}  // namespace oodml::metrics
