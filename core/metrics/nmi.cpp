#include "core/metrics/nmi.h"

#include <algorithm>
#include <cmath>

#include "core/metrics/contingency.h"

namespace oodml::metrics {
namespace {

double entropy(std::span<const double> sizes, double n) {
  double sum = 0.0;
  for (const double size : sizes) sum -= size / n * std::log(size / n);
  return sum;
}

}  // namespace

double normalized_mutual_information(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  const auto n = static_cast<double>(a.size());
  const Contingency table = contingency_of(a, b);
  if (table.sizes_a.size() <= 1 && table.sizes_b.size() <= 1) return 1.0;

  double information = 0.0;
  for (const auto& [a_part, b_part, rows] : table.joint) {
    information += rows / n * std::log(n * rows / (table.sizes_a[a_part] * table.sizes_b[b_part]));
  }
  information = std::max(information, 0.0);
  const double entropies = entropy(table.sizes_a, n) + entropy(table.sizes_b, n);
  return entropies > 0.0 ? std::min(2.0 * information / entropies, 1.0) : 0.0;
}

}  // namespace oodml::metrics
