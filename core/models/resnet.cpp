#include "core/models/resnet.h"

#include <array>
#include <string>
#include <vector>

namespace oodml::models {
namespace {

/// Where a residual block stands.
struct BlockPlace {
  std::int64_t in = 64, width = 64, stride = 1;
  bool frozen = false;
  at::Generator generator;
};

class Block : public torch::nn::Module {
 public:
  virtual torch::Tensor forward(const torch::Tensor& images) = 0;

 protected:
  std::shared_ptr<Convolution> convolution(const std::string& name, Convolution::Shape shape,
                                           const BlockPlace& place) {
    return register_module(name, std::make_shared<Convolution>(shape, place.generator));
  }
  std::shared_ptr<BatchNorm> norm(const std::string& name, std::int64_t channels, const BlockPlace& place) {
    return register_module(name, std::make_shared<BatchNorm>(channels, place.frozen));
  }
};

/// The projection on the short cut: a 1x1 convolution "0" and its norm "1".
class Downsample final : public Block {
 public:
  Downsample(std::int64_t out, const BlockPlace& place)
      : convolution_(convolution("0", {place.in, out, 1, place.stride, 0}, place)), norm_(norm("1", out, place)) {}
  torch::Tensor forward(const torch::Tensor& images) override { return norm_->forward(convolution_->forward(images)); }

 private:
  std::shared_ptr<Convolution> convolution_;
  std::shared_ptr<BatchNorm> norm_;
};

class BasicBlock final : public Block {
 public:
  static constexpr std::int64_t kExpansion = 1;

  explicit BasicBlock(const BlockPlace& place)
      : conv1_(convolution("conv1", {place.in, place.width, 3, place.stride, 1}, place)),
        bn1_(norm("bn1", place.width, place)),
        conv2_(convolution("conv2", {place.width, place.width, 3, 1, 1}, place)),
        bn2_(norm("bn2", place.width, place)) {
    if (place.stride != 1 || place.in != place.width) {
      downsample_ = register_module("downsample", std::make_shared<Downsample>(place.width, place));
    }
  }

  torch::Tensor forward(const torch::Tensor& images) override {
    auto x = bn1_->forward(conv1_->forward(images)).relu_();
    x = bn2_->forward(conv2_->forward(x));
    return x.add_(downsample_ ? downsample_->forward(images) : images).relu_();
  }

 private:
  std::shared_ptr<Convolution> conv1_;
  std::shared_ptr<BatchNorm> bn1_;
  std::shared_ptr<Convolution> conv2_;
  std::shared_ptr<BatchNorm> bn2_;
  std::shared_ptr<Downsample> downsample_;
};

class Bottleneck final : public Block {
 public:
  static constexpr std::int64_t kExpansion = 4;

  explicit Bottleneck(const BlockPlace& place)
      : conv1_(convolution("conv1", {place.in, place.width, 1, 1, 0}, place)),
        bn1_(norm("bn1", place.width, place)),
        conv2_(convolution("conv2", {place.width, place.width, 3, place.stride, 1}, place)),
        bn2_(norm("bn2", place.width, place)),
        conv3_(convolution("conv3", {place.width, place.width * kExpansion, 1, 1, 0}, place)),
        bn3_(norm("bn3", place.width * kExpansion, place)) {
    if (place.stride != 1 || place.in != place.width * kExpansion) {
      downsample_ = register_module("downsample", std::make_shared<Downsample>(place.width * kExpansion, place));
    }
  }

  torch::Tensor forward(const torch::Tensor& images) override {
    auto x = bn1_->forward(conv1_->forward(images)).relu_();
    x = bn2_->forward(conv2_->forward(x)).relu_();
    x = bn3_->forward(conv3_->forward(x));
    return x.add_(downsample_ ? downsample_->forward(images) : images).relu_();
  }

 private:
  std::shared_ptr<Convolution> conv1_;
  std::shared_ptr<BatchNorm> bn1_;
  std::shared_ptr<Convolution> conv2_;
  std::shared_ptr<BatchNorm> bn2_;
  std::shared_ptr<Convolution> conv3_;
  std::shared_ptr<BatchNorm> bn3_;
  std::shared_ptr<Downsample> downsample_;
};

/// layer1 ... layer4: blocks named 0, 1, 2, ...; the first one changes width and resolution.
template <typename BlockType>
class Stage final : public torch::nn::Module {
 public:
  Stage(std::int64_t blocks, BlockPlace place) {
    for (std::int64_t i = 0; i < blocks; ++i) {
      blocks_.push_back(register_module(std::to_string(i), std::make_shared<BlockType>(place)));
      place.in = place.width * BlockType::kExpansion;
      place.stride = 1;
    }
  }

  torch::Tensor forward(torch::Tensor images) {
    for (const auto& block : blocks_) images = block->forward(images);
    return images;
  }

 private:
  std::vector<std::shared_ptr<BlockType>> blocks_;
};

template <typename BlockType>
class ResNet final : public PooledNetwork {
 public:
  ResNet(const std::array<std::int64_t, 4>& blocks, const NetworkOptions& options)
      : PooledNetwork(options.arch, 512 * BlockType::kExpansion) {
    const bool frozen = options.arch.frozen;
    conv1_ = register_module(
        "conv1", std::make_shared<Convolution>(Convolution::Shape{3, 64, 7, 2, 3}, options.generator));
    bn1_ = register_module("bn1", std::make_shared<BatchNorm>(64, frozen));
    BlockPlace place{.in = 64, .width = 64, .stride = 1, .frozen = frozen, .generator = options.generator};
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      stages_.push_back(register_module("layer" + std::to_string(i + 1),
                                        std::make_shared<Stage<BlockType>>(blocks[i], place)));
      place.in = place.width * BlockType::kExpansion;
      place.width *= 2;
      place.stride = 2;
    }
    add_heads(options);
  }

 protected:
  torch::Tensor feature_map(const torch::Tensor& images) override {
    auto x = bn1_->forward(conv1_->forward(images)).relu_();  // [B, 64, H/2, W/2]
    x = at::max_pool2d(x, 3, 2, 1);                           // [B, 64, H/4, W/4]
    for (const auto& stage : stages_) x = stage->forward(x);
    return x;                                                 // [B, F, H/32, W/32]
  }

 private:
  std::shared_ptr<Convolution> conv1_;
  std::shared_ptr<BatchNorm> bn1_;
  std::vector<std::shared_ptr<Stage<BlockType>>> stages_;
};

}  // namespace

std::shared_ptr<Network> make_resnet18(const NetworkOptions& options) {
  return std::make_shared<ResNet<BasicBlock>>(std::array<std::int64_t, 4>{2, 2, 2, 2}, options);
}

std::shared_ptr<Network> make_resnet50(const NetworkOptions& options) {
  return std::make_shared<ResNet<Bottleneck>>(std::array<std::int64_t, 4>{3, 4, 6, 3}, options);
}

}  // namespace oodml::models
