#include "core/metrics/average_precision.h"

namespace oodml::metrics {
namespace {

std::int64_t divisor(const QueryRanks& query, PrecisionNormalizer normalizer) {
  return normalizer == PrecisionNormalizer::kClassSize ? query.class_size : query.class_size - 1;
}

}  // namespace

double average_precision(const QueryRanks& query, std::int64_t depth, PrecisionNormalizer normalizer) {
  double sum = 0.0, hits = 0.0;
  for (const std::int64_t rank : query.ranks) {
    if (rank > depth) break;
    hits += 1.0;
    sum += hits / static_cast<double>(rank);
  }
  return hits == 0.0 ? 0.0 : sum / static_cast<double>(divisor(query, normalizer));
}

double class_average_precision(const QueryRanks& query, PrecisionNormalizer normalizer) {
  return average_precision(query, divisor(query, normalizer), normalizer);
}

}  // namespace oodml::metrics
