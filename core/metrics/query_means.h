#pragma once

#include <vector>

#include "core/metrics/evaluation.h"
#include "core/metrics/neighbour_ranks.h"

namespace oodml::metrics {

using SearchNeighbours = std::function<Status(const NeighbourOptions& options, const VisitRanks& visit)>;

/// Fills the values of the metrics that are means over `n` queries, with one search; none is made where no metric needs
/// it.
Status fill_query_means(std::int64_t n, const SearchNeighbours& search, const EvaluationOptions& options,
                        const std::vector<Metric>& metrics, std::vector<MetricValue>& results);

}  // namespace oodml::metrics
