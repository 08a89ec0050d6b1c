#include "core/metrics/cluster_metrics.h"

#include <algorithm>

#include "core/metrics/cosine_assignment.h"
#include "core/metrics/faiss_kmeans.h"

namespace oodml::metrics {
namespace {

bool needs_clusters(const std::vector<Metric>& metrics, Space space) {
  return std::any_of(metrics.begin(), metrics.end(),
                     [&](const Metric& metric) { return metric.of_clusters && metric.space == space; });
}

void fill(const LabelledSet& set, Space space, const std::vector<std::int64_t>& clusters,
          const std::vector<Metric>& metrics, std::vector<MetricValue>& results) {
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].of_clusters && metrics[m].space == space) results[m].value = metrics[m].of_clusters(set, clusters);
  }
}

KmeansOptions kmeans_options(const LabelledSet& set, const EvaluationOptions& options, const char* what) {
  const auto go_on = [&options, what](double share) {
    if (options.progress) options.progress(what, share);
    return !options.keep_going || options.keep_going();
  };
  return {.clusters = options.clusters > 0 ? options.clusters : set.n_classes(), .go_on = go_on};
}

}  // namespace

Status fill_cluster_values(const LabelledSet& set, const EvaluationOptions& options, const std::vector<Metric>& metrics,
                           std::vector<MetricValue>& results) {
  const bool euclidean = needs_clusters(metrics, Space::kEuclidean), cosine = needs_clusters(metrics, Space::kCosine);
  const bool shared = cosine && set.has_unit_rows();
  if (euclidean || shared) {
    OODML_ASSIGN_OR_RETURN(const Clustering clustering,
                           faiss_kmeans(set.embeddings(), kmeans_options(set, options, "k-means")));
    if (euclidean) fill(set, Space::kEuclidean, clustering.assignment, metrics, results);
    if (shared) fill(set, Space::kCosine, cosine_assignment(set.embeddings(), clustering.centroids), metrics, results);
  }
  if (cosine && !shared) {
    const LabelledSet unit = set.normalized();
    OODML_ASSIGN_OR_RETURN(const Clustering clustering,
                           faiss_kmeans(unit.embeddings(), kmeans_options(set, options, "k-means of unit rows")));
    fill(set, Space::kCosine, cosine_assignment(unit.embeddings(), clustering.centroids), metrics, results);
  }
  return {};
}

}  // namespace oodml::metrics
