#include "core/statistics/interval.h"

#include <cmath>

#include "core/base/student_t.h"
#include "core/statistics/moments.h"

namespace oodml::statistics {

Interval t_interval(std::span<const double> values, double level) {
  const std::size_t n = present(values).size();
  if (n < 2) return {.n = n};
  const double count = static_cast<double>(n), centre = mean(values);
  const double half_width = student_t_quantile(0.5 + level / 2.0, count - 1.0) *
                            standard_deviation(values, Deviation::kSample) / std::sqrt(count);
  return {.n = n, .low = centre - half_width, .high = centre + half_width};
}

}  // namespace oodml::statistics
