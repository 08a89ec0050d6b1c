#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace oodml::statistics {

/// y = intercept + slope * x.
struct Line {
  std::size_t n = 0;  ///< Pairs without a NaN.
  double slope = std::numeric_limits<double>::quiet_NaN();
  double intercept = std::numeric_limits<double>::quiet_NaN();

  double at(double x) const { return intercept + slope * x; }
};

/// The line with the least sum of squared vertical distances; NaN for fewer than two pairs or where x does not vary.
/// Throws std::invalid_argument for lists of unequal lengths.
Line least_squares_line(std::span<const double> x, std::span<const double> y);

}  // namespace oodml::statistics
