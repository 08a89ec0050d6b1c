#include "core/metrics/query_means.h"

#include <numeric>

namespace oodml::metrics {
namespace {

NeighbourOptions options_for(const std::vector<Metric>& metrics, const EvaluationOptions& options) {
  NeighbourOptions neighbours{.exclude_self_by_index = options.exclude_self_by_index,
                              .missing_are_hits = options.compat_paper,
                              .single_precision = options.compat_paper};
  for (const Metric& metric : metrics) {
    if (!metric.of_query) continue;
    auto& depth = metric.space == Space::kEuclidean ? neighbours.euclidean : neighbours.cosine;
    depth = depth ? depth->with(metric.depth) : metric.depth;
  }
  neighbours.go_on = [&options](double share) {
    if (options.progress) options.progress("neighbours", share);
    return !options.keep_going || options.keep_going();
  };
  return neighbours;
}

}  // namespace

Status fill_query_means(std::int64_t n, const SearchNeighbours& search, const EvaluationOptions& options,
                        const std::vector<Metric>& metrics, std::vector<MetricValue>& results) {
  const NeighbourOptions neighbours = options_for(metrics, options);
  if (!neighbours.euclidean && !neighbours.cosine) return {};

  // Kept for each query and summed in order, so that threads do not change a bit.
  std::vector<std::vector<double>> of_queries(metrics.size());
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].of_query) of_queries[m].resize(static_cast<std::size_t>(n));
  }
  OODML_RETURN_IF_ERROR(search(neighbours, [&](std::int64_t query, Space space, const QueryRanks& ranks) {
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      if (metrics[m].of_query && metrics[m].space == space) of_queries[m][query] = metrics[m].of_query(ranks);
    }
  }));
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (!metrics[m].of_query) continue;
    results[m].value = std::accumulate(of_queries[m].begin(), of_queries[m].end(), 0.0) / static_cast<double>(n);
  }
  return {};
}

}  // namespace oodml::metrics
