#include "core/statistics/least_squares.h"

#include "core/statistics/centred_sums.h"

namespace oodml::statistics {

Line least_squares_line(std::span<const double> x, std::span<const double> y) {
  const CentredSums sums = centred_sums(x, y);
  Line line{.n = sums.n};
  if (sums.n < 2 || !(sums.xx > 0.0)) return line;
  line.slope = sums.xy / sums.xx;
  line.intercept = sums.y_mean - line.slope * sums.x_mean;
  return line;
}

}  // namespace oodml::statistics
