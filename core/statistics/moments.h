#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace oodml::statistics {

/// Everywhere in this folder: values are doubles in any order, NaN among them are missing and left out, `n` counts the
/// others, and what is not defined for so few is NaN.

/// The values that are not NaN, in their order.
std::vector<double> present(std::span<const double> values);

/// Sum with the rounding errors carried along (Neumaier, 1974): the same to an ulp in whatever order.
double sum(std::span<const double> values);

/// Arithmetic mean; NaN of none.
double mean(std::span<const double> values);

/// What the sum of squares is divided by.
enum class Deviation {
  kPopulation,  ///< n, as numpy.std and the studies: 0 of a single value.
  kSample,      ///< n - 1, the unbiased estimate of the variance: NaN of a single value.
};

/// Mean of the squared distances from the mean, in two passes; NaN of none.
double variance(std::span<const double> values, Deviation deviation);

/// Its root.
double standard_deviation(std::span<const double> values, Deviation deviation);

}  // namespace oodml::statistics
