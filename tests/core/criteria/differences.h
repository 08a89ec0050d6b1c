#pragma once

#include <torch/types.h>

#include <functional>

namespace oodml::testing {

/// d loss / d leaf by central differences in double precision, one entry at a time.
torch::Tensor differences(const torch::Tensor& leaf, const std::function<torch::Tensor()>& loss);

/// The leaf's gradient, which backward() has filled, against differences of the loss.
void expect_gradient(const torch::Tensor& leaf, const std::function<torch::Tensor()>& loss);

}  // namespace oodml::testing
