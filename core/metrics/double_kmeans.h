#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/metrics/centred_rows.h"
#include "core/metrics/faiss_kmeans.h"

namespace oodml::metrics {

/// FAISS's k-means step for step (its first centroids, its splits of clusters in place of empty ones), in float64
/// arithmetic on the given values: assignments, means and splits. The set lies in main memory; options as in
/// faiss_kmeans, initial centroids in the set's space. centroids of the result: [k, D] float64, of that space.
/// kInvalidArgument unless 1 <= clusters <= N. The same bits for any number of threads.
/// Source: faiss::Clustering, release 1.7.3; docs/metrics.md#clusters.
Result<Clustering> double_kmeans(const LabelledSet& set, Space space, const KmeansOptions& options);

/// The centroid with the largest cosine for every row of the set, the first of equal ones. centroids [k, D] float64.
std::vector<std::int64_t> double_cosine_assignment(const LabelledSet& set, const torch::Tensor& centroids);

}  // namespace oodml::metrics
