#pragma once

#include <torch/types.h>

namespace oodml::criteria {

/// log(1 + sum over {j: mask_j} of exp z_j) along `dim`, without overflow for any z; 0 where the mask is empty.
/// z [N, M] floating, mask [N, M] bool, dim 0 or 1.
torch::Tensor log1p_sum_exp(const torch::Tensor& z, const torch::Tensor& mask, std::int64_t dim);

/// log(sum over {j: mask_j} of exp z_j) along `dim`, without overflow for any z. Where the mask is empty, for which the
/// sum has no logarithm, 0 with a zero gradient. z [N, M] floating, mask [N, M] bool, dim 0 or 1.
torch::Tensor log_sum_exp(const torch::Tensor& z, const torch::Tensor& mask, std::int64_t dim);

/// log(1 + exp z) for each entry, exact to rounding in float64 for any z. (at::softplus takes z itself above 20, which
/// drops up to 2e-9; in float32 that is less than the rounding, and the bits are its.)
torch::Tensor log1p_exp(const torch::Tensor& z);

}  // namespace oodml::criteria
