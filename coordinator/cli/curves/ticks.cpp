#include "coordinator/cli/curves/ticks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace oodml::cli::curves {
namespace {

constexpr double kLeastExtent = 1e-9;  ///< Of the range's numbers: below it, neighbours differ by rounding.
constexpr double kSlack = 1e-9;        ///< Of a step: so far a multiple may be off by rounding.

}  // namespace

double round_step(double span, std::size_t parts) {
  const double least = span / static_cast<double>(std::max<std::size_t>(parts, 1));
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1.0 - kSlack)) return factor * power;
  }
  return 10.0 * power;
}

std::vector<double> ticks_within(Range range, double step) {
  std::vector<double> at;
  const double last = std::floor(range.high / step + kSlack);
  for (double n = std::ceil(range.low / step - kSlack); n <= last; ++n) at.push_back(n * step + 0.0);  // no -0
  return at;
}

Ticks ticks_for(Range range, std::size_t parts) {
  Ticks ticks;
  do {
    ticks.step = round_step(range.high - range.low, parts++);
    ticks.at = ticks_within(range, ticks.step);
  } while (ticks.at.size() < 2);
  return ticks;
}

Range with_extent(Range range, double spare) {
  const double least = kLeastExtent * std::max(std::abs(range.low), std::abs(range.high));
  return range.high - range.low > least ? range : Range{range.low - spare, range.high + spare};
}

std::string tick_text(double value, double step) {
  const double largest = std::max(std::abs(value), step);
  if (largest >= 1e6 || step < 1e-5) return fmt::format("{:.3g}", value);
  const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + kSlack)));
  return fmt::format("{:.{}f}", value, decimals);
}

}  // namespace oodml::cli::curves
