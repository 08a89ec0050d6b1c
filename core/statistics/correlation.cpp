#include "core/statistics/correlation.h"

#include <algorithm>
#include <cmath>

#include "core/base/student_t.h"
#include "core/statistics/centred_sums.h"

namespace oodml::statistics {

Correlation pearson(std::span<const double> x, std::span<const double> y) {
  const CentredSums sums = centred_sums(x, y);
  Correlation result{.n = sums.n};
  const double scale = std::sqrt(sums.xx) * std::sqrt(sums.yy);
  if (sums.n < 2 || !(scale > 0.0)) return result;
  result.r = std::clamp(sums.xy / scale, -1.0, 1.0);
  if (sums.n < 3) return result;
  const double dof = static_cast<double>(sums.n) - 2.0, rest = (1.0 - result.r) * (1.0 + result.r);
  result.p = rest > 0.0 ? 2.0 * student_t_cdf(-std::abs(result.r) * std::sqrt(dof / rest), dof) : 0.0;
  return result;
}

}  // namespace oodml::statistics
