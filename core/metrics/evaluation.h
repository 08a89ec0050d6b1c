#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::metrics {

struct EvaluationOptions {
  std::vector<std::string> metrics;       ///< e_recall@1, nmi, ...
  std::int64_t clusters = 0;              ///< k of k-means; 0: the classes of the set
  bool exclude_self_by_index = false;     ///< else the first neighbour is dropped, as the references do
  bool relevant_map_normalizer = false;   ///< else average precision is divided by the class size
  /// Called between tiles; false cancels (kCancelled). May be empty.
  std::function<bool()> keep_going;
};

struct MetricValue {
  std::string name;
  double value = 0.0;
};

/// Metrics of one embedded set, in the order asked for; shared work (neighbours, clusters) is done once and
/// memory stays linear in N (tiles, no N x N matrix).
/// embeddings [N, D] float on any device, labels [N] int64 >= 0 on the CPU. kInvalidArgument for an
/// unknown metric, fewer than two rows, more clusters than rows, or rows that are not finite.
/// Source: spec/objectives-and-metrics.md 4.
Result<std::vector<MetricValue>> evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                          const EvaluationOptions& options);

/// Base names that evaluate knows; a test holds them against the catalogue.
std::vector<std::string> metric_names();

}  // namespace oodml::metrics
