#include "core/models/bit.h"

#include <array>
#include <string>
#include <vector>

namespace oodml::models {
namespace {

constexpr std::array<std::int64_t, 4> kBitBlocks = {3, 4, 6, 3}, kWidths = {256, 512, 1024, 2048};

Convolution::Shape standardized(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride) {
  return {.in = in, .out = out, .kernel = kernel, .stride = stride, .padding = kernel / 2, .standardized = true};
}

/// Norm and ReLU come before each convolution; a projected short cut starts behind the first norm.
class PreActivationBlock final : public torch::nn::Module {
 public:
  PreActivationBlock(std::int64_t in, std::int64_t out, std::int64_t stride, const LayerMaker& make) {
    const std::int64_t inner = out / 4;
    if (stride != 1 || in != out) {
      const auto downsample = register_module("downsample", std::make_shared<torch::nn::Module>());
      projection_ = make.convolution(*downsample, "conv", standardized(in, out, 1, stride));
    }
    norm1_ = register_module("norm1", std::make_shared<GroupNorm>(in));
    conv1_ = make.convolution(*this, "conv1", standardized(in, inner, 1, 1));
    norm2_ = register_module("norm2", std::make_shared<GroupNorm>(inner));
    conv2_ = make.convolution(*this, "conv2", standardized(inner, inner, 3, stride));
    norm3_ = register_module("norm3", std::make_shared<GroupNorm>(inner));
    conv3_ = make.convolution(*this, "conv3", standardized(inner, out, 1, 1));
  }

  torch::Tensor forward(const torch::Tensor& images) {
    const auto start = norm1_->forward(images).relu_();
    auto x = conv1_->forward(start);
    x = conv2_->forward(norm2_->forward(x).relu_());
    x = conv3_->forward(norm3_->forward(x).relu_());
    return x + (projection_ ? projection_->forward(start) : images);
  }

 private:
  std::shared_ptr<Convolution> projection_, conv1_, conv2_, conv3_;
  std::shared_ptr<GroupNorm> norm1_, norm2_, norm3_;
};

class Bit final : public PooledNetwork {
 public:
  explicit Bit(const NetworkOptions& options) : PooledNetwork(options.arch, kWidths.back()) {
    const LayerMaker make{.generator = options.generator};
    const auto stem = register_module("stem", std::make_shared<torch::nn::Module>());
    stem_ = make.convolution(*stem, "conv", standardized(3, 64, 7, 2));
    const auto stages = register_module("stages", std::make_shared<torch::nn::Module>());
    std::int64_t in = 64;
    for (std::size_t s = 0; s < kBitBlocks.size(); ++s) {
      const auto stage = stages->register_module(std::to_string(s), std::make_shared<torch::nn::Module>());
      const auto blocks = stage->register_module("blocks", std::make_shared<torch::nn::Module>());
      for (std::int64_t i = 0; i < kBitBlocks[s]; ++i) {
        const std::int64_t stride = s > 0 && i == 0 ? 2 : 1;
        const auto block = std::make_shared<PreActivationBlock>(in, kWidths[s], stride, make);
        blocks_.push_back(blocks->register_module(std::to_string(i), block));
        in = kWidths[s];
      }
    }
    norm_ = register_module("norm", std::make_shared<GroupNorm>(in));
    add_heads(options);
  }

  std::vector<std::string_view> library_classifiers() const override { return {"head.fc."}; }

 protected:
  torch::Tensor feature_map(const torch::Tensor& images) override {
    auto x = stem_->forward(images);                                 // [B, 64, H/2, W/2]
    x = at::max_pool2d(at::constant_pad_nd(x, {1, 1, 1, 1}), 3, 2);  // [B, 64, H/4, W/4]; zeros count in the maximum
    for (const auto& block : blocks_) x = block->forward(x);
    return norm_->forward(x).relu_();  // [B, 2048, H/32, W/32]
  }

 private:
  std::shared_ptr<Convolution> stem_;
  std::vector<std::shared_ptr<PreActivationBlock>> blocks_;
  std::shared_ptr<GroupNorm> norm_;
};

}  // namespace

std::shared_ptr<Network> make_bit(const NetworkOptions& options) { return std::make_shared<Bit>(options); }

}  // namespace oodml::models
