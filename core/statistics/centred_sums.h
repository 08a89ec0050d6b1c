#pragma once

#include <cstddef>
#include <span>

namespace oodml::statistics {

/// What correlation and regression are made of: means, and sums of products of the distances to them.
struct CentredSums {
  std::size_t n = 0;  ///< Pairs without a NaN.
  double x_mean = 0, y_mean = 0, xx = 0, xy = 0, yy = 0;
};

/// Throws std::invalid_argument for lists of unequal lengths.
CentredSums centred_sums(std::span<const double> x, std::span<const double> y);

}  // namespace oodml::statistics
