#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace oodml::statistics {

/// How far two figures rise together. NaN for fewer than two pairs or where one of the two does not vary; `p` for fewer
/// than three.
struct Correlation {
  std::size_t n = 0;                                    ///< Pairs without a NaN.
  double r = std::numeric_limits<double>::quiet_NaN();  ///< Pearson's, in [-1, 1].
  double p =
      std::numeric_limits<double>::quiet_NaN();  ///< Two-sided, against r = 0, by t with n - 2 degrees of freedom.
};

/// Pearson's correlation of two lists of equal length (else throws std::invalid_argument), in two passes.
Correlation pearson(std::span<const double> x, std::span<const double> y);

}  // namespace oodml::statistics
