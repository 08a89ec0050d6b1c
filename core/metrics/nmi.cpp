#include "core/metrics/nmi.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace oodml::metrics {
namespace {

double entropy(const std::map<std::int64_t, double>& sizes, double n) {
  double sum = 0.0;
  for (const auto& [id, size] : sizes) sum -= size / n * std::log(size / n);
  return sum;
}

}  // namespace

double normalized_mutual_information(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  if (a.size() != b.size()) throw std::invalid_argument("nmi: partitions of different lengths");
  const auto n = static_cast<double>(a.size());
  std::map<std::int64_t, double> sizes_a, sizes_b;
  std::map<std::pair<std::int64_t, std::int64_t>, double> joint;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sizes_a[a[i]] += 1;
    sizes_b[b[i]] += 1;
    joint[{a[i], b[i]}] += 1;
  }
  if (sizes_a.size() <= 1 && sizes_b.size() <= 1) return 1.0;

  double information = 0.0;
  for (const auto& [ids, count] : joint) {
    information += count / n * std::log(n * count / (sizes_a[ids.first] * sizes_b[ids.second]));
  }
  information = std::max(information, 0.0);
  const double entropies = entropy(sizes_a, n) + entropy(sizes_b, n);
  return entropies > 0.0 ? std::min(2.0 * information / entropies, 1.0) : 0.0;
}

}  // namespace oodml::metrics
