#pragma once

#include "core/metrics/metric.h"

namespace oodml::metrics {

enum class PrecisionNormalizer {
  kClassSize,  ///< Divide by the class size, the query included: published, never reaches 1 (quirk Q42).
  kRelevant,   ///< Divide by the class size less the query.
};

/// Sum of the precisions at the ranks of same-class rows up to `depth`, divided as `normalizer` says. Missing
/// neighbours are misses, unless the query says otherwise; a class of one row gives 0.
/// Source: docs/metrics.md#average-precision.
double average_precision(const QueryRanks& query, std::int64_t depth, PrecisionNormalizer normalizer);

/// The same with the depth of mAP_c: as many neighbours as the normaliser counts.
double class_average_precision(const QueryRanks& query, PrecisionNormalizer normalizer);

}  // namespace oodml::metrics
