#include "core/statistics/moments.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace oodml::statistics {

std::vector<double> present(std::span<const double> values) {
  std::vector<double> kept;
  kept.reserve(values.size());
  std::ranges::copy_if(values, std::back_inserter(kept), [](double value) { return !std::isnan(value); });
  return kept;
}

double sum(std::span<const double> values) {
  double total = 0.0, lost = 0.0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    const double next = total + value;
    lost += std::abs(total) >= std::abs(value) ? (total - next) + value : (value - next) + total;
    total = next;
  }
  return std::isfinite(total) ? total + lost : total;
}

double mean(std::span<const double> values) {
  const auto missing = std::ranges::count_if(values, [](double value) { return std::isnan(value); });
  const auto n = static_cast<double>(values.size()) - static_cast<double>(missing);
  return n > 0.0 ? sum(values) / n : std::numeric_limits<double>::quiet_NaN();
}

double variance(std::span<const double> values, Deviation deviation) {
  std::vector<double> squares = present(values);
  const double centre = mean(squares);
  const double divisor = static_cast<double>(squares.size()) - (deviation == Deviation::kSample ? 1.0 : 0.0);
  if (divisor <= 0.0) return std::numeric_limits<double>::quiet_NaN();
  for (double& value : squares) value = (value - centre) * (value - centre);
  return sum(squares) / divisor;
}

double standard_deviation(std::span<const double> values, Deviation deviation) {
  return std::sqrt(variance(values, deviation));
}

}  // namespace oodml::statistics
