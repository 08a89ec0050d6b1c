#include "core/metrics/symmetric_eigenvalues.h"

#include <algorithm>
#include <cmath>

#include "core/metrics/tridiagonal.h"

namespace oodml::metrics {
namespace {

/// NaN where one of them is not finite.
double largest_magnitude(const double* matrix, std::int64_t n) {
  double largest = 0.0, sum = 0.0;
  for (std::int64_t row = 0; row < n; ++row, matrix += n) {
    for (std::int64_t column = 0; column <= row; ++column) {
      largest = std::max(largest, std::abs(matrix[column]));
      sum += matrix[column] * 0.0;
    }
  }
  return largest + sum;
}

}  // namespace

std::optional<std::vector<double>> symmetric_eigenvalues(const double* matrix, std::int64_t n) {
  const double largest = largest_magnitude(matrix, n);
  if (!std::isfinite(largest)) return std::nullopt;
  if (largest == 0.0) return std::vector<double>(static_cast<std::size_t>(n), 0.0);
  const int exponent = std::clamp(std::ilogb(largest), -1000, 1000);
  auto values = eigenvalues_of(to_tridiagonal(matrix, n, std::ldexp(1.0, -exponent)));
  if (values) {
    for (double& value : *values) value = std::ldexp(value, exponent);
  }
  return values;
}

}  // namespace oodml::metrics
