#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace oodml::statistics {

/// Where the mean of the population lies, by n values; NaN where fewer than two leave it open.
struct Interval {
  std::size_t n = 0;
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// mean ± t(n - 1) sd / sqrt(n) with the sample deviation; `level` in (0, 1) is how often such an interval holds the
/// true mean when the values are normal.
Interval t_interval(std::span<const double> values, double level = 0.95);

/// Half the width of that interval, of n >= 2 values with this sample variance.
double t_half_width(double variance, std::size_t n, double level = 0.95);

}  // namespace oodml::statistics
