#include "core/statistics/interval.h"

#include <cmath>
#include <map>
#include <utility>

#include "core/base/student_t.h"
#include "core/statistics/moments.h"

namespace oodml::statistics {

namespace {

/// It is searched for step by step, and a table asks for the same few ten thousand times.
double quantile_of(double level, double degrees_of_freedom) {
  constexpr std::size_t kMostKnown = 1000;
  thread_local std::map<std::pair<double, double>, double> known;
  if (known.size() >= kMostKnown) known.clear();
  const auto [place, is_new] = known.try_emplace({level, degrees_of_freedom});
  if (is_new) place->second = student_t_quantile(0.5 + level / 2.0, degrees_of_freedom);
  return place->second;
}

}  // namespace

Interval t_interval(std::span<const double> values, double level) {
  const std::size_t n = present(values).size();
  if (n < 2) return {.n = n};
  const double centre = mean(values), half_width = t_half_width(variance(values, Deviation::kSample), n, level);
  return {.n = n, .low = centre - half_width, .high = centre + half_width};
}

double t_half_width(double variance, std::size_t n, double level) {
  const auto count = static_cast<double>(n);
  return quantile_of(level, count - 1.0) * std::sqrt(variance / count);
}

}  // namespace oodml::statistics
