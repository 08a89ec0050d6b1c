#pragma once

#include "core/base/seeds.h"
#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// Draws a d2 coreset from x [b, D]: P(i) proportional to pdf(x_i) (sum_{q picked} ||x_i - x_q||^2)^lambda over the
/// rows not yet picked, pdf a Gaussian with the rows' mean and covariance. Logarithms and a small ridge on the
/// covariance keep it usable in many dimensions.
class D2Weights {
 public:
  D2Weights(const torch::Tensor& x, double lambda);

  /// The row nearest to one draw from the Gaussian: where a coreset starts.
  std::int64_t start(Random& random) const;
  void pick(std::int64_t row);
  /// Of every row as the next pick: b numbers that sum to 1. At least one row is not picked yet.
  std::vector<double> probabilities() const;

 private:
  torch::Tensor x_, mean_, cholesky_;  ///< [b, D], [D], [D, D] lower, all double
  torch::Tensor squared_;              ///< [b, b] squared distances
  double lambda_;
  std::vector<double> log_density_;  ///< up to a constant
  std::vector<double> to_picks_;     ///< sum of the squared distances to the picks
  std::vector<char> picked_;
};

}  // namespace oodml::samplers
