#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace oodml::cli::curves {

struct Range {
  double low = 0.0, high = 1.0;  ///< Finite, low <= high.
};

/// The least of 1, 2 and 5 times a power of ten of which `parts` (at least 1) cover `span`, which is positive.
double round_step(double span, std::size_t parts);

/// The multiples of `step` in the range, ascending.
std::vector<double> ticks_within(Range range, double step);

struct Ticks {
  double step = 1.0;
  std::vector<double> at;
};

/// Round numbers in a range that has extent: at most `parts` + 1 of them, but never fewer than two.
Ticks ticks_for(Range range, std::size_t parts);

/// The range, or where it has no extent but for rounding, one around it.
Range with_extent(Range range, double spare);

/// With as many decimals as neighbours at this distance need; very small and very large ones with an exponent.
std::string tick_text(double value, double step);

}  // namespace oodml::cli::curves
