#pragma once

#include <cstddef>
#include <limits>

#include "core/statistics/interval.h"
#include "core/statistics/pairs.h"

namespace oodml::statistics {

/// What is to be believed of first - second, measured on the same seeds. NaN where n is too small: all for n = 0; sd,
/// interval, t and p for n = 1.
struct PairedDifference {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  std::size_t n = 0;      ///< Pairs.
  double mean = kNone;    ///< Of first - second.
  double sd = kNone;      ///< Of the differences, sample.
  Interval interval;      ///< 95 % t interval of the mean difference.
  double t = kNone;       ///< mean / (sd / sqrt(n)); infinite where all differences are alike and not 0.
  double p_t = kNone;     ///< Two-sided, of the paired t test with n - 1 degrees of freedom; 1 where all are 0.
  double p_flip = kNone;  ///< Two-sided, exact: the share of all 2^n choices of signs whose mean lies as far from 0 as
                          ///< the one seen or farther; never below 2^(1-n). For n from 1 to kMostFlips.
};

/// Above it 2^n choices take too long, and the t test is as good.
inline constexpr std::size_t kMostFlips = 20;

/// Throws std::invalid_argument for lists of unequal lengths.
/// Source: Student, Biometrika 1908; Fisher, "The Design of Experiments", 1935, for the signs.
PairedDifference paired_difference(const Pairs& pairs);

}  // namespace oodml::statistics
