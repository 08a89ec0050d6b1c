#include "core/criteria/log_sum_exp.h"

#include <limits>

namespace oodml::criteria {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

torch::Tensor log1p_sum_exp(const torch::Tensor& z, const torch::Tensor& mask, std::int64_t dim) {
  const auto masked = z.masked_fill(mask.logical_not(), -kInfinity);
  auto zero_shape = z.sizes().vec();
  zero_shape[static_cast<std::size_t>(dim)] = 1;
  // The 1 inside the logarithm is one more term, exp(0); it also keeps the gradient of an empty set finite.
  return at::logsumexp(at::cat({at::zeros(zero_shape, z.options()), masked}, dim), dim);
}

torch::Tensor log_sum_exp(const torch::Tensor& z, const torch::Tensor& mask, std::int64_t dim) {
  const auto empty = mask.any(dim, /*keepdim=*/true).logical_not();
  // An empty set gets a constant term, or the gradient would be that of -inf - (-inf).
  const auto masked = z.masked_fill(mask.logical_not(), -kInfinity).masked_fill(empty, 0);
  return at::logsumexp(masked, dim).masked_fill(empty.squeeze(dim), 0);
}

}  // namespace oodml::criteria
