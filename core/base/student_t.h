#pragma once

namespace oodml {

/// P(T <= t) for Student's t with `dof` > 0 degrees of freedom, by the regularised incomplete beta function.
double student_t_cdf(double t, double dof);

/// The t with P(T <= t) = p, 0 < p < 1; accurate to about 1e-12 relative.
double student_t_quantile(double p, double dof);

}  // namespace oodml
