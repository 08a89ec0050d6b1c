#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace oodml::metrics {

/// Which of the descending singular values of rows [N, D] enter: all, or as the references do on a CPU, where a
/// truncated decomposition leaves out the last of D (quirk Q34).
std::span<const double> kept_singular_values(std::span<const double> values, std::int64_t dimension, bool truncate);

/// values / their sum: rho_spectrum@0. NaN where the sum is 0.
std::vector<double> normalized_spectrum(std::span<const double> values);

/// rho_spectrum@m for m != 0: how far the spectrum without its |m| - 1 largest values is from uniform. m > 0:
/// KL(uniform || spectrum), infinite with a zero value; m < 0: KL(spectrum || uniform). NaN where no value is left or
/// all are 0. Source: Roth et al., ICML 2020, Sec. 5; docs/metrics.md#rho-spectrum.
double rho_spectrum(std::span<const double> values, std::int64_t m);

}  // namespace oodml::metrics
