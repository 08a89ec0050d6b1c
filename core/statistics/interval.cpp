#include "core/statistics/interval.h"

#include <cmath>

#include "core/base/student_t.h"
#include "core/statistics/moments.h"

namespace oodml::statistics {

Interval t_interval(std::span<const double> values, double level) {
  const std::size_t n = present(values).size();
  if (n < 2) return {.n = n};
  const double centre = mean(values), half_width = t_half_width(variance(values, Deviation::kSample), n, level);
  return {.n = n, .low = centre - half_width, .high = centre + half_width};
}

double t_half_width(double variance, std::size_t n, double level) {
  const auto count = static_cast<double>(n);
  return student_t_quantile(0.5 + level / 2.0, count - 1.0) * std::sqrt(variance / count);
}

}  // namespace oodml::statistics
