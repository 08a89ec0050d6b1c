#pragma once

#include <torch/types.h>

namespace oodml::metrics {

/// Rows [N, D] of floating point divided by their Euclidean norms; those of zeros, or nearly so, stay short.
torch::Tensor unit_rows(const torch::Tensor& rows);

/// The same by their largest entry first, so that squares of very small or large rows neither vanish nor overflow.
torch::Tensor unit_rows_of_any_length(const torch::Tensor& rows);

}  // namespace oodml::metrics
