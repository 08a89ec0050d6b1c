#include "core/metrics/recall.h"

namespace oodml::metrics {

double recall_at(const QueryRanks& query, std::int64_t k) {
  return !query.ranks.empty() && query.ranks.front() <= k ? 1.0 : 0.0;
}

}  // namespace oodml::metrics
