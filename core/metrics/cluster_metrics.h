#pragma once

#include <vector>

#include "core/metrics/evaluation.h"
#include "core/metrics/metric.h"

namespace oodml::metrics {

/// Fills the values of the metrics that read k-means clusters; each space is clustered once, and only if it is asked
/// for. Rows of unit length share the training of both spaces.
Status fill_cluster_values(const LabelledSet& set, const EvaluationOptions& options, const std::vector<Metric>& metrics,
                           std::vector<MetricValue>& results);

}  // namespace oodml::metrics
