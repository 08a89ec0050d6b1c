#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "core/collective/collective.h"
#include "core/models/frozen_norm.h"

namespace oodml::models {

// The layers of the backbones. LibTorch's own modules draw their initial values from the global generator;
// these draw them from the one they are given, under the same parameter names and with the same arithmetic.

/// How the weights of a convolution start; fan-out is outputs x kernel area, fan-in inputs a group x kernel area.
enum class Start {
  kFanOut,       ///< Kaiming normal, fan-out, for ReLU; bias 0 (torchvision's ResNets, BiT).
  kGroupFanOut,  ///< The same with the fan-out divided by the groups; bias 0 (EfficientNet).
  kFanIn,        ///< U(-1/sqrt(fan-in), 1/sqrt(fan-in)) for both: PyTorch's own (BN-Inception).
  kSmall,        ///< N(0, 0.01); bias 0 (GoogLeNet).
};

/// Square 2-D convolution.
class Convolution final : public torch::nn::Module {
 public:
  struct Shape {
    std::int64_t in = 3, out = 64, kernel = 3, stride = 1, padding = 1, groups = 1;
    bool bias = false;
    bool standardized = false;  ///< Every filter with mean 0 and variance 1 (Qiao et al., 2019), variance + 1e-8.
  };
  Convolution(Shape shape, at::Generator generator, Start start = Start::kFanOut);
  /// [B, in, H, W] -> [B, out, H', W']
  torch::Tensor forward(const torch::Tensor& images) const;

 private:
  Shape shape_;
  torch::Tensor weight_, bias_;
};

/// Batch norm over [B, C, H, W], momentum 0.1. A frozen one stays in evaluation mode whatever
/// train() says: its running statistics are used and kept, weight and bias still train (docs/models.md#modifiers).
class BatchNorm final : public torch::nn::Module {
 public:
  BatchNorm(std::int64_t channels, bool frozen, double eps = 1e-5);
  torch::Tensor forward(const torch::Tensor& images);
  /// relu(forward(images)), and relu(forward(images) + shortcut).
  torch::Tensor rectified(const torch::Tensor& images, const torch::Tensor& shortcut = {});
  /// max_pool2d(rectified(images), 3, 2, 1).
  torch::Tensor pooled(const torch::Tensor& images);
  /// As share_batches() in share_batches.h.
  void share_batches(std::shared_ptr<collective::Collective> group) { group_ = std::move(group); }
  void train(bool on = true) override;

 private:
  FrozenNorm with_running_figures() const { return {weight_, bias_, running_mean_, running_var_, eps_}; }

  bool frozen_;
  double eps_;
  torch::Tensor weight_, bias_, running_mean_, running_var_, num_batches_tracked_;
  std::shared_ptr<collective::Collective> group_;  ///< Null: batches are whole.
};

/// Group norm over [B, C, H, W] in 32 groups, eps 1e-5. It has no running figures, so freezing changes nothing.
class GroupNorm final : public torch::nn::Module {
 public:
  explicit GroupNorm(std::int64_t channels);
  torch::Tensor forward(const torch::Tensor& images) const;

 private:
  torch::Tensor weight_, bias_;
};

/// y = x W^T + b.
class Linear final : public torch::nn::Module {
 public:
  enum class Start {
    kFanIn,   ///< U(-1/sqrt(in), 1/sqrt(in)) for weight and bias.
    kFanOut,  ///< Kaiming normal, fan-out: N(0, 2/out); bias 0.
  };
  Linear(std::int64_t in, std::int64_t out, at::Generator generator, Start start = Start::kFanIn);
  torch::Tensor forward(const torch::Tensor& rows) const;

 private:
  torch::Tensor weight_, bias_;
};

/// Makes the layers of one network, each registered in its owner under a name.
struct LayerMaker {
  at::Generator generator;
  bool frozen = false;
  Start start = Start::kFanOut;
  double eps = 1e-5;

  std::shared_ptr<Convolution> convolution(torch::nn::Module& owner, const std::string& name,
                                           Convolution::Shape shape) const;
  std::shared_ptr<BatchNorm> norm(torch::nn::Module& owner, const std::string& name, std::int64_t channels) const;
};

}  // namespace oodml::models
