#pragma once

#include "core/metrics/metric.h"

namespace oodml::metrics {

/// 1 if a row of the query's class is among its k nearest, else 0. Missing neighbours are misses, unless the query says
/// otherwise.
/// Source: Jegou et al., TPAMI 2011; docs/metrics.md#recall.
double recall_at(const QueryRanks& query, std::int64_t k);

}  // namespace oodml::metrics
