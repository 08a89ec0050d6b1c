#include "core/metrics/nmi.h"

#include <algorithm>
#include <cmath>

#include "core/metrics/contingency.h"

namespace oodml::metrics {
namespace {

double entropy(const std::map<std::int64_t, double>& sizes, double n) {
  double sum = 0.0;
  for (const auto& [id, size] : sizes) sum -= size / n * std::log(size / n);
  return sum;
}

}  // namespace

double normalized_mutual_information(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  const auto n = static_cast<double>(a.size());
  const Contingency table = contingency_of(a, b);
  if (table.sizes_a.size() <= 1 && table.sizes_b.size() <= 1) return 1.0;

  double information = 0.0;
  for (const auto& [ids, count] : table.joint) {
    information += count / n * std::log(n * count / (table.sizes_a.at(ids.first) * table.sizes_b.at(ids.second)));
  }
  information = std::max(information, 0.0);
  const double entropies = entropy(table.sizes_a, n) + entropy(table.sizes_b, n);
  return entropies > 0.0 ? std::min(2.0 * information / entropies, 1.0) : 0.0;
}

}  // namespace oodml::metrics
