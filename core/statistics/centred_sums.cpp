#include "core/statistics/centred_sums.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "core/statistics/moments.h"

namespace oodml::statistics {

CentredSums centred_sums(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) throw std::invalid_argument("pairs of unequal lengths");
  std::vector<double> xs, ys, products;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) continue;
    xs.push_back(x[i]);
    ys.push_back(y[i]);
  }
  CentredSums sums{.n = xs.size(), .x_mean = mean(xs), .y_mean = mean(ys)};
  for (double& value : xs) value -= sums.x_mean;
  for (double& value : ys) value -= sums.y_mean;
  const auto sum_of = [&](const std::vector<double>& first, const std::vector<double>& second) {
    products.resize(first.size());
    for (std::size_t i = 0; i < first.size(); ++i) products[i] = first[i] * second[i];
    return sum(products);
  };
  sums.xx = sum_of(xs, xs);
  sums.xy = sum_of(xs, ys);
  sums.yy = sum_of(ys, ys);
  return sums;
}

}  // namespace oodml::statistics
