#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::metrics {

struct EvaluationOptions {
  std::vector<std::string> metrics;      ///< e_recall@1, nmi, ...
  std::int64_t clusters = 0;             ///< k of k-means; 0: the classes of the set
  int cluster_iterations = 20;           ///< of k-means
  bool exclude_self_by_index = false;    ///< else the first neighbour is dropped, as the references do
  bool relevant_map_normalizer = false;  ///< else average precision is divided by the class size
  bool truncate_rho = false;             ///< rho_spectrum without the smallest of D singular values (quirk Q34)
  bool compat_paper = false;             ///< the references' numbers: single precision as FAISS has it, Q31 and Q34
  /// Called between tiles; false cancels (kCancelled). May be empty.
  std::function<bool()> keep_going;
  /// Told between tiles what is computed and which share of it is done, in [0, 1]. May be empty.
  std::function<void(std::string_view what, double share)> progress;
};

struct MetricValue {
  std::string name;
  double value = 0.0;          ///< NaN where the set has none (rho_spectrum@10 of three dimensions), and of a vector.
  std::vector<double> values;  ///< Of a metric that is a vector: rho_spectrum@0. Else empty.
};

/// Metrics of one embedded set, in the order asked for; shared work (neighbours, clusters, singular values) is done
/// once and memory stays linear in N (tiles, no N x N matrix). embeddings [N, D] float32 or float64 on any device,
/// labels [N] int64 >= 0 on the CPU. Figures are those of float64 arithmetic on the given values wherever that orders
/// neighbours and centroids without a tie, but with compat_paper; k-means on a GPU is FAISS's in both modes.
/// kInvalidArgument for an unknown metric, fewer than two rows, more clusters than rows, or rows that are not finite.
/// Source: docs/metrics.md.
Result<std::vector<MetricValue>> evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                          const EvaluationOptions& options);

/// Recall and mean average precision of query rows among gallery rows, as in retrieval benchmarks with two sets. No
/// reference finished this (quirk Q43): nothing is left out of the gallery; n_i and the divisor of average precision
/// are the gallery rows of the query's class; a query whose class the gallery lacks scores 0 and counts. Other metrics
/// are kInvalidArgument. Shapes as in evaluate, with at least one row in each set, both sets on one device.
Result<std::vector<MetricValue>> evaluate_query_gallery(const torch::Tensor& query_embeddings,
                                                        const torch::Tensor& query_labels,
                                                        const torch::Tensor& gallery_embeddings,
                                                        const torch::Tensor& gallery_labels,
                                                        const EvaluationOptions& options);

/// Base names that evaluate knows; a test holds them against the catalogue.
std::vector<std::string> metric_names();

}  // namespace oodml::metrics
