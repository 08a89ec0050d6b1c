#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/catalogue/catalogue.h"
#include "core/metrics/centred_rows.h"
#include "core/metrics/evaluation.h"
#include "core/metrics/labelled_set.h"
#include "core/metrics/same_class_ranks.h"
#include "core/metrics/set_facts.h"

namespace oodml::metrics {

/// What the neighbours of one query say: the 1-based ranks, ascending, of the rows of its class among the rows searched
/// (docs/metrics.md#recall), as many as were asked for. In the evaluation of one set the query itself is
/// left out; which row counts as the query is an option there.
struct QueryRanks {
  std::span<const std::int64_t> ranks;
  std::int64_t class_size = 0;    ///< Rows of the class, the query included where it is one of the rows searched.
  std::int64_t relevant = 0;      ///< Rows of the class, the query never included.
  std::int64_t rows = 0;          ///< Rows searched, the query included where it is one of them.
  bool missing_are_hits = false;  ///< compat: paper: ranks from `rows` on count as rows of the class (quirk Q31).
};

/// A metric names the shared result it is computed from by which of the four functions it has.
struct Metric {
  Space space = Space::kEuclidean;  ///< Of neighbours and clusters.

  /// Mean over all queries of this function of the query's neighbours.
  std::function<double(const QueryRanks&)> of_query;
  RankDepth depth = RankDepth::kAll;  ///< The ranks that of_query reads.

  /// From the k-means clusters: [N] cluster of every row.
  std::function<double(const LabelledSet&, std::span<const std::int64_t> clusters)> of_clusters;

  /// From the rows themselves, of which it reads `fact`: a number, or several.
  SetFact fact = SetFact::kDistances;
  std::function<double(const SetFacts&)> of_set;
  std::function<std::vector<double>(const SetFacts&)> values_of_set;
};

/// The metric of a name that the catalogue has accepted; kInvalidArgument where nothing is registered for it.
Result<Metric> make_metric(const catalogue::MetricName& name, const EvaluationOptions& options);

}  // namespace oodml::metrics
