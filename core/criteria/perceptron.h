#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace oodml::criteria {

/// Initial values of the linear layers. kFanIn: weight and bias U(-1/sqrt(in), 1/sqrt(in)), the framework's default.
/// kXavierAfterFirst: the same for the first layer, Xavier-uniform weights and zero biases for the others.
enum class LinearInit { kFanIn, kXavierAfterFirst };

/// Linear layers with a ReLU between them, none after the last; the small nets inside of criteria. Parameters are
/// named <k>.weight [out, in] and <k>.bias [out], k counting the layers from 0.
class Perceptron final : public torch::nn::Module {
 public:
  /// widths: input, hidden layers, output; two or more. Values are made on the CPU from `generator`.
  Perceptron(const std::vector<std::int64_t>& widths, at::Generator generator, LinearInit init = LinearInit::kFanIn);

  /// [N, in] -> [N, out]
  torch::Tensor forward(const torch::Tensor& rows) const;
  /// The same, with gradients for the rows only.
  torch::Tensor forward_frozen(const torch::Tensor& rows) const;

 private:
  std::vector<torch::Tensor> weights_, biases_;
};

}  // namespace oodml::criteria
