#include "core/metrics/rho_spectrum.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace oodml::metrics {

std::span<const double> kept_singular_values(std::span<const double> values, std::int64_t dimension, bool truncate) {
  const auto kept = truncate ? static_cast<std::size_t>(std::max<std::int64_t>(dimension - 1, 0)) : values.size();
  return values.first(std::min(kept, values.size()));
}

std::vector<double> normalized_spectrum(std::span<const double> values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  std::vector<double> shares(values.begin(), values.end());
  for (double& share : shares) share /= sum;
  return shares;
}

double rho_spectrum(std::span<const double> values, std::int64_t m) {
  const auto dropped = static_cast<std::size_t>(std::abs(m)) - 1;
  if (dropped >= values.size() || !(values[dropped] > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> shares = normalized_spectrum(values.subspan(dropped));
  const auto count = static_cast<double>(shares.size());
  double divergence = 0.0;
  for (const double share : shares) {
    if (m > 0) {
      divergence -= std::log(share * count) / count;
    } else if (share > 0.0) {
      divergence += share * std::log(share * count);
    }
  }
  return divergence;
}

}  // namespace oodml::metrics
