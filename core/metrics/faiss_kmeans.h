#pragma once

#include <torch/types.h>

#include <functional>
#include <optional>
#include <vector>

#include "core/base/result.h"

namespace oodml::metrics {

struct Clustering {
  std::vector<std::int64_t> assignment;  ///< [N], the nearest centroid of every row after the last update
  torch::Tensor centroids;               ///< [k, D] on the CPU, float32 unless said otherwise
  double objective = 0.0;                ///< Sum of squared distances in the last iteration.
};

struct KmeansOptions {
  std::int64_t clusters = 1;
  int iterations = 20;
  int seed = 1234;
  std::optional<torch::Tensor> initial_centroids;  ///< [k, D] float32 on the CPU; else FAISS draws rows.
  /// Called between tiles with the share done, in [0, 1]; false gives kCancelled. May be empty.
  std::function<bool(double share)> go_on;
};

/// kInvalidArgument unless there are 1 to `rows` clusters.
Status check_clusters(const KmeansOptions& options, std::int64_t rows);

/// FAISS's k-means as the references call it: by default 20 iterations, no subsampling, one run, then a fresh search
/// for the nearest centroids. embeddings [N, D] float32, contiguous, finite, on any device; kInvalidArgument unless
/// 1 <= clusters <= N. N = clusters copies the rows. Deterministic for a given number of threads.
/// Source: faiss::Clustering, release 1.7.3; docs/metrics.md#clusters.
Result<Clustering> faiss_kmeans(const torch::Tensor& embeddings, const KmeansOptions& options);

}  // namespace oodml::metrics
