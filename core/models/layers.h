#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>

namespace oodml::models {

// The layers of the backbones. LibTorch's own modules draw their initial values from the global generator;
// these draw them from the one they are given, under the same parameter names and with the same arithmetic.

/// Square 2-D convolution without bias. Initial values: Kaiming normal, fan-out, for ReLU (as torchvision).
class Convolution final : public torch::nn::Module {
 public:
  struct Shape {
    std::int64_t in = 3, out = 64, kernel = 3, stride = 1, padding = 1;
  };
  Convolution(Shape shape, at::Generator generator);
  /// [B, in, H, W] -> [B, out, H', W']
  torch::Tensor forward(const torch::Tensor& images) const;

 private:
  Shape shape_;
  torch::Tensor weight_;
};

/// Batch norm over [B, C, H, W], momentum 0.1, eps 1e-5. A frozen one stays in evaluation mode whatever
/// train() says: its running statistics are used and kept, weight and bias still train (training.md 3.2).
class BatchNorm final : public torch::nn::Module {
 public:
  BatchNorm(std::int64_t channels, bool frozen);
  torch::Tensor forward(const torch::Tensor& images);
  void train(bool on = true) override;

 private:
  bool frozen_;
  torch::Tensor weight_, bias_, running_mean_, running_var_, num_batches_tracked_;
};

/// y = x W^T + b; initial values U(-1/sqrt(in), 1/sqrt(in)) for both.
class Linear final : public torch::nn::Module {
 public:
  Linear(std::int64_t in, std::int64_t out, at::Generator generator);
  torch::Tensor forward(const torch::Tensor& rows) const;

 private:
  torch::Tensor weight_, bias_;
};

}  // namespace oodml::models
