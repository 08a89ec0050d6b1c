#include "core/metrics/cluster_metrics.h"

#include <algorithm>

#include "core/metrics/cosine_assignment.h"
#include "core/metrics/double_kmeans.h"
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
  return {.clusters = options.clusters > 0 ? options.clusters : set.n_classes(),
          .iterations = options.cluster_iterations,
          .go_on = go_on};
}

/// Clusters of the set in a space, and the cosine assignment to such clusters.
Result<Clustering> clusters_of(const LabelledSet& set, Space space, const EvaluationOptions& options) {
  const bool unit = space == Space::kCosine;
  const KmeansOptions kmeans = kmeans_options(set, options, unit ? "k-means of unit rows" : "k-means");
  if (!options.compat_paper && set.embeddings().is_cpu()) return double_kmeans(set, space, kmeans);
  const LabelledSet rows = unit ? set.normalized() : set;
  return faiss_kmeans(rows.embeddings(), kmeans);
}

std::vector<std::int64_t> cosine_clusters(const LabelledSet& set, const Clustering& clustering, bool rows_are_unit,
                                          const EvaluationOptions& options) {
  if (!options.compat_paper && set.embeddings().is_cpu()) return double_cosine_assignment(set, clustering.centroids);
  return cosine_assignment(rows_are_unit ? set.embeddings() : set.normalized().embeddings(), clustering.centroids);
}

}  // namespace

Status fill_cluster_values(const LabelledSet& set, const EvaluationOptions& options, const std::vector<Metric>& metrics,
                           std::vector<MetricValue>& results) {
  const bool euclidean = needs_clusters(metrics, Space::kEuclidean), cosine = needs_clusters(metrics, Space::kCosine);
  const bool shared = cosine && set.has_unit_rows();
  if (euclidean || shared) {
    OODML_ASSIGN_OR_RETURN(const Clustering clustering, clusters_of(set, Space::kEuclidean, options));
    if (euclidean) fill(set, Space::kEuclidean, clustering.assignment, metrics, results);
    if (shared) fill(set, Space::kCosine, cosine_clusters(set, clustering, true, options), metrics, results);
  }
  if (cosine && !shared) {
    OODML_ASSIGN_OR_RETURN(const Clustering clustering, clusters_of(set, Space::kCosine, options));
    fill(set, Space::kCosine, cosine_clusters(set, clustering, false, options), metrics, results);
  }
  return {};
}

}  // namespace oodml::metrics
