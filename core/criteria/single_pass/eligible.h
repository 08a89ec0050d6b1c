#pragma once

#include <ATen/core/grad_mode.h>
#include <c10/util/Exception.h>
#include <torch/types.h>

namespace oodml::criteria {

/// Whether a matrix is what the single passes are written for.
inline bool is_float_on_cpu(const torch::Tensor& x) {
  return x.is_cpu() && x.scalar_type() == at::kFloat && x.layout() == at::kStrided && x.dim() == 2 && x.numel() > 0;
}

/// Whether a squared length is far from everything that overflows, and a number.
inline bool is_usual_square(float square) { return square >= 1e-20f && square <= 1e20f; }

/// The passes know the first derivative only; a second one would come out as if the first were constant.
inline void check_differentiated_once() {
  TORCH_CHECK(!at::GradMode::is_enabled(), "criterion: a loss can be differentiated once only");
}

}  // namespace oodml::criteria
