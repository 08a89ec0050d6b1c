#pragma once

namespace oodml::statistics {

/// P(Z <= z) of a standard normal Z.
double normal_cdf(double z);

/// The z with P(Z <= z) = p; -inf and inf at 0 and 1. Acklam's rational approximation and one step of Halley: to about
/// 1e-15.
double normal_quantile(double p);

}  // namespace oodml::statistics
