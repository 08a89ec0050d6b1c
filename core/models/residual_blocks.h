#pragma once

#include <memory>
#include <string>

#include "core/models/layers.h"

namespace oodml::models {

/// Where a residual block stands.
struct BlockPlace {
  std::int64_t in = 64, width = 64, stride = 1;
  std::int64_t groups = 1, group_width = 64;  ///< Of the 3x3 convolution where width is 64; ResNeXt: 32 and 8.
  LayerMaker make;
};

/// The projection on the short cut: a 1x1 convolution "0" and its norm "1".
class Downsample final : public torch::nn::Module {
 public:
  Downsample(std::int64_t out, const BlockPlace& place);
  torch::Tensor forward(const torch::Tensor& images);

 private:
  std::shared_ptr<Convolution> convolution_;
  std::shared_ptr<BatchNorm> norm_;
};

/// Two 3x3 convolutions beside a short cut.
class BasicBlock final : public torch::nn::Module {
 public:
  static constexpr std::int64_t kExpansion = 1;

  explicit BasicBlock(const BlockPlace& place);
  /// [B, in, H, W] -> [B, width, H / stride, W / stride]
  torch::Tensor forward(const torch::Tensor& images);

 private:
  std::shared_ptr<Convolution> conv1_;
  std::shared_ptr<BatchNorm> bn1_;
  std::shared_ptr<Convolution> conv2_;
  std::shared_ptr<BatchNorm> bn2_;
  std::shared_ptr<Downsample> downsample_;
};

/// 1x1, 3x3 (with the stride), 1x1 beside a short cut.
class Bottleneck final : public torch::nn::Module {
 public:
  static constexpr std::int64_t kExpansion = 4;

  explicit Bottleneck(const BlockPlace& place);
  /// [B, in, H, W] -> [B, 4 width, H / stride, W / stride]
  torch::Tensor forward(const torch::Tensor& images);

 private:
  std::shared_ptr<Convolution> conv1_;
  std::shared_ptr<BatchNorm> bn1_;
  std::shared_ptr<Convolution> conv2_;
  std::shared_ptr<BatchNorm> bn2_;
  std::shared_ptr<Convolution> conv3_;
  std::shared_ptr<BatchNorm> bn3_;
  std::shared_ptr<Downsample> downsample_;
};

}  // namespace oodml::models
