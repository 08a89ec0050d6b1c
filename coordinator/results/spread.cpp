#include "coordinator/results/spread.h"

#include <cmath>
#include <limits>

#include "core/base/student_t.h"

namespace oodml::coordinator::results {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Spread spread_of(const std::vector<double>& values) {
  Spread spread{.n = 0, .mean = kNaN, .sd = kNaN, .half_width = kNaN};
  double sum = 0.0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++spread.n;
  }
  if (spread.n == 0) return spread;
  const double n = static_cast<double>(spread.n);
  spread.mean = sum / n;
  if (spread.n == 1) return spread;
  double squares = 0.0;
  for (const double value : values) {
    if (!std::isnan(value)) squares += (value - spread.mean) * (value - spread.mean);
  }
  spread.sd = std::sqrt(squares / (n - 1.0));
  spread.half_width = student_t_quantile(0.975, n - 1.0) * spread.sd / std::sqrt(n);
  return spread;
}

}  // namespace oodml::coordinator::results
