#include "core/statistics/interquartile_mean.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/statistics/moments.h"

namespace oodml::statistics {

double interquartile_mean(std::span<const double> values) {
  std::vector<double> sorted = present(values);
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(sorted);
  const double n = static_cast<double>(sorted.size()), first = n / 4.0, last = 3.0 * n / 4.0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double place = static_cast<double>(i);
    const double part = std::min(place + 1.0, last) - std::max(place, first);
    sorted[i] = part > 0.0 ? part * sorted[i] : 0.0;
  }
  return sum(sorted) / (n / 2.0);
}

}  // namespace oodml::statistics
