#include "core/metrics/f1.h"

#include "core/metrics/contingency.h"

namespace oodml::metrics {
namespace {

double pairs_of(double n) { return n * (n - 1.0) / 2.0; }

double pairs_of(std::span<const double> sizes) {
  double sum = 0.0;
  for (const double size : sizes) sum += pairs_of(size);
  return sum;
}

}  // namespace

double pair_f1(std::span<const std::int64_t> clusters, std::span<const std::int64_t> classes) {
  const Contingency table = contingency_of(clusters, classes);
  double in_both = 0.0;
  for (const Contingency::Cell& cell : table.joint) in_both += pairs_of(cell.rows);
  return in_both == 0.0 ? 0.0 : 2.0 * in_both / (pairs_of(table.sizes_a) + pairs_of(table.sizes_b));
}

}  // namespace oodml::metrics
