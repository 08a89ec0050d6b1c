#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/sweeps.h"

namespace oodml::coordinator::results {

/// Mean, sample standard deviation (n - 1) and 95 % t half-width of the values that are not NaN.
Spread spread_of(const std::vector<double>& values);

/// P(T <= t) for Student's t with `dof` > 0 degrees of freedom, by the regularised incomplete beta function.
double student_t_cdf(double t, double dof);

/// The t with P(T <= t) = p, 0 < p < 1; accurate to about 1e-12 relative.
double student_t_quantile(double p, double dof);

}  // namespace oodml::coordinator::results
