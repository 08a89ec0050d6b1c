#include "core/metrics/recall.h"

namespace oodml::metrics {

double recall_at(const QueryRanks& query, std::int64_t k) {
  const bool found = !query.ranks.empty() && query.ranks.front() <= k;
  const bool read_past_the_end = query.missing_are_hits && query.rows <= k;
  return found || read_past_the_end ? 1.0 : 0.0;
}

}  // namespace oodml::metrics
