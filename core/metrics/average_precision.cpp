#include "core/metrics/average_precision.h"

namespace oodml::metrics {
namespace {

std::int64_t divisor(const QueryRanks& query, PrecisionNormalizer normalizer) {
  return normalizer == PrecisionNormalizer::kClassSize ? query.class_size : query.relevant;
}

}  // namespace

double average_precision(const QueryRanks& query, std::int64_t depth, PrecisionNormalizer normalizer) {
  const std::int64_t relevant = divisor(query, normalizer);
  if (relevant <= 0) return 0.0;
  double sum = 0.0, hits = 0.0;
  for (const std::int64_t rank : query.ranks) {
    if (rank > depth) break;
    sum += ++hits / static_cast<double>(rank);
  }
  if (query.missing_are_hits) {
    for (std::int64_t rank = query.rows; rank <= depth; ++rank) sum += ++hits / static_cast<double>(rank);
  }
  return sum / static_cast<double>(relevant);
}

double class_average_precision(const QueryRanks& query, PrecisionNormalizer normalizer) {
  return average_precision(query, divisor(query, normalizer), normalizer);
}

}  // namespace oodml::metrics
