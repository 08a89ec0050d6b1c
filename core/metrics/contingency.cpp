#include "core/metrics/contingency.h"

#include <stdexcept>

namespace oodml::metrics {

Contingency contingency_of(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  if (a.size() != b.size()) throw std::invalid_argument("contingency: partitions of different lengths");
  Contingency table;
  for (std::size_t i = 0; i < a.size(); ++i) {
    table.sizes_a[a[i]] += 1;
    table.sizes_b[b[i]] += 1;
    table.joint[{a[i], b[i]}] += 1;
  }
  return table;
}

}  // namespace oodml::metrics
