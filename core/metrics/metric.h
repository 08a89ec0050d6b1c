#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/catalogue/catalogue.h"
#include "core/metrics/evaluation.h"
#include "core/metrics/labelled_set.h"

namespace oodml::metrics {

/// What the neighbours of one row say: the 1-based ranks, ascending, of the rows of its class among all other rows
/// (spec/objectives-and-metrics.md 4.2). Which row is left out as the query itself is the evaluation's option.
struct QueryRanks {
  std::span<const std::int64_t> ranks;
  std::int64_t class_size;  ///< Rows of the class, the query included.
};

/// A metric names the shared result it is computed from by which of the three functions it has.
struct Metric {
  /// Mean over all rows of this function of the row's neighbours.
  std::function<double(const QueryRanks&)> of_query;
  bool first_rank_is_enough = false;  ///< of_query reads ranks[0] only.

  /// From the k-means clusters: [N] cluster of every row.
  std::function<double(const LabelledSet&, std::span<const std::int64_t> clusters)> of_clusters;

  /// From the rows themselves.
  std::function<double(const LabelledSet&)> of_set;
};

/// The metric of a name that the catalogue has accepted; kInvalidArgument where nothing is registered for it.
Result<Metric> make_metric(const catalogue::MetricName& name, const EvaluationOptions& options);

}  // namespace oodml::metrics
