#include "core/samplers/d2_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/samplers/coreset.h"
#include "core/samplers/draws.h"

namespace oodml::samplers {
namespace {

/// Of the mean variance. It does not show in a covariance of full rank, and makes one of lower rank invertible.
constexpr double kCovarianceRidge = 1e-6;
constexpr double kLeastRidge = 1e-12;  // where all rows are equal

/// Lower Cholesky factor of the rows' unbiased covariance with its ridge; centred [b, D] -> [D, D].
torch::Tensor covariance_factor(const torch::Tensor& centred) {
  const double divisor = static_cast<double>(std::max<std::int64_t>(centred.size(0) - 1, 1));
  auto covariance = centred.t().mm(centred) / divisor;
  const double ridge = std::max(kCovarianceRidge * covariance.diagonal().mean().item<double>(), kLeastRidge);
  covariance.diagonal().add_(ridge);
  return at::linalg_cholesky(covariance);
}

std::vector<double> values_of(const torch::Tensor& tensor) {
  const auto values = tensor.contiguous();
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel()};
}

}  // namespace

D2Weights::D2Weights(const torch::Tensor& x, double lambda)
    : x_(x.to(at::kDouble)),
      mean_(x_.mean(0)),
      cholesky_(covariance_factor(x_ - mean_)),
      squared_(squared_distances(x_)),
      lambda_(lambda),
      to_picks_(static_cast<std::size_t>(x.size(0))),
      picked_(static_cast<std::size_t>(x.size(0))) {
  const auto whitened = at::linalg_solve_triangular(cholesky_, (x_ - mean_).t(), /*upper=*/false);  // [D, b]
  log_density_ = values_of(-0.5 * whitened.square().sum(0));
}

std::int64_t D2Weights::start(Random& random) const {
  const auto drawn = mean_ + cholesky_.mv(normal_numbers(1, x_.size(1), random).select(0, 0));
  return (x_ - drawn).square().sum(1).argmin().item<std::int64_t>();
}

void D2Weights::pick(std::int64_t row) {
  picked_[static_cast<std::size_t>(row)] = true;
  const double* distances = squared_.const_data_ptr<double>() + row * squared_.size(1);
  for (std::size_t i = 0; i < to_picks_.size(); ++i) to_picks_[i] += distances[i];
}

std::vector<double> D2Weights::probabilities() const {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  std::vector<double> logs(picked_.size(), kNever);
  for (std::size_t i = 0; i < logs.size(); ++i) {
    // With lambda 0 the distance does not count, not even one of zero.
    if (!picked_[i]) logs[i] = log_density_[i] + (lambda_ == 0.0 ? 0.0 : lambda_ * std::log(to_picks_[i]));
  }
  double largest = *std::max_element(logs.begin(), logs.end());
  if (largest == kNever) {  // every row left equals every pick: all alike
    for (std::size_t i = 0; i < logs.size(); ++i) logs[i] = picked_[i] ? kNever : 0.0;
    largest = 0.0;
  }
  double total = 0.0;
  for (double& value : logs) total += value = std::exp(value - largest);
  for (double& value : logs) value /= total;
  return logs;
}

}  // namespace oodml::samplers
