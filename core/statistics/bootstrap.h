#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "core/statistics/interval.h"

namespace oodml::statistics {

/// A figure of values whose order does not matter: mean, interquartile_mean, ...
using Estimator = std::function<double(std::span<const double>)>;

struct BootstrapOptions {
  enum class Kind {
    kPercentile,  ///< The quantiles of the resampled figures themselves.
    kBca,         ///< Corrected for bias and for a spread that changes with the figure; as kPercentile
                  ///< where all resamples lie on one side of the figure.
  };
  Kind kind = Kind::kPercentile;
  double level = 0.95;          ///< In (0, 1).
  std::int64_t draws = 10'000;  ///< Resamples, where not all are counted.
  std::uint64_t seed = 0;       ///< The same seed, the same interval, on every machine.
};

/// At most this many values are resampled in every possible way (6435 ways for 8), each with its probability: no draw,
/// no seed.
inline constexpr std::size_t kExactBootstrap = 8;

/// Interval of an estimator over resamples with replacement; quantiles are the least resampled figure that has at least
/// that share at or below it. NaN for fewer than two values. With all values alike both ends are that value.
///
/// With five seeds or fewer the ends are narrower than the stated level, as resamples know no value that was not drawn;
/// the t interval is the better one there.
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13 and 14.
Interval bootstrap_interval(std::span<const double> values, const Estimator& estimator,
                            const BootstrapOptions& options = {});

/// Of the mean.
Interval bootstrap_interval(std::span<const double> values, const BootstrapOptions& options = {});

}  // namespace oodml::statistics
