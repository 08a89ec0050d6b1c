#include "core/statistics/normal.h"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace oodml::statistics {
namespace {

template <std::size_t N>
double polynomial(const std::array<double, N>& coefficients, double x) {
  double value = 0.0;
  for (const double coefficient : coefficients) value = value * x + coefficient;
  return value;
}

/// Of the lower tail, p < 0.02425.
double tail(double p) {
  constexpr std::array kAbove = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838,
                                 -2.549732539343734,     4.374664141464968,      2.938163982698783};
  constexpr std::array kBelow = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416,
                                 1.0};
  const double q = std::sqrt(-2.0 * std::log(p));
  return polynomial(kAbove, q) / polynomial(kBelow, q);
}

double middle(double p) {
  constexpr std::array kAbove = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                                 1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239};
  constexpr std::array kBelow = {-5.447609879822406e+01, 1.615858368580409e+02,  -1.556989798598866e+02,
                                 6.680131188771972e+01,  -1.328068155288572e+01, 1.0};
  const double q = p - 0.5, r = q * q;
  return q * polynomial(kAbove, r) / polynomial(kBelow, r);
}

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_quantile(double p) {
  if (p <= 0.0) return -std::numeric_limits<double>::infinity();
  if (p >= 1.0) return std::numeric_limits<double>::infinity();
  if (p > 0.5) return -normal_quantile(1.0 - p);
  const double z = p < 0.02425 ? tail(p) : middle(p);
  const double step = (normal_cdf(z) - p) * std::sqrt(2.0 * std::numbers::pi) * std::exp(z * z / 2.0);
  return z - step / (1.0 + z * step / 2.0);
}

}  // namespace oodml::statistics
