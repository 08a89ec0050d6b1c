#include "core/models/resnet.h"

#include <array>
#include <string>
#include <vector>

#include "core/models/residual_blocks.h"

namespace oodml::models {
namespace {

/// layer1 ... layer4: blocks named 0, 1, 2, ...; the first one changes width and resolution.
template <typename Block>
class Stage final : public torch::nn::Module {
 public:
  Stage(std::int64_t blocks, BlockPlace place) {
    for (std::int64_t i = 0; i < blocks; ++i) {
      blocks_.push_back(register_module(std::to_string(i), std::make_shared<Block>(place)));
      place.in = place.width * Block::kExpansion;
      place.stride = 1;
    }
  }

  torch::Tensor forward(torch::Tensor images) {
    for (const auto& block : blocks_) images = block->forward(images);
    return images;
  }

 private:
  std::vector<std::shared_ptr<Block>> blocks_;
};

/// Blocks a stage, and the 3x3 convolutions of a bottleneck.
struct Depth {
  std::array<std::int64_t, 4> blocks;
  std::int64_t groups = 1, group_width = 64;
};

template <typename Block>
class ResNet final : public PooledNetwork {
 public:
  ResNet(const Depth& depth, const NetworkOptions& options) : PooledNetwork(options.arch, 512 * Block::kExpansion) {
    const LayerMaker make{.generator = options.generator, .frozen = options.arch.frozen};
    conv1_ = make.convolution(*this, "conv1", {3, 64, 7, 2, 3});
    bn1_ = make.norm(*this, "bn1", 64);
    BlockPlace place{.groups = depth.groups, .group_width = depth.group_width, .make = make};
    for (std::size_t i = 0; i < depth.blocks.size(); ++i) {
      const std::string name = "layer" + std::to_string(i + 1);
      stages_.push_back(register_module(name, std::make_shared<Stage<Block>>(depth.blocks[i], place)));
      place.in = place.width * Block::kExpansion;
      place.width *= 2;
      place.stride = 2;
    }
    add_heads(options);
  }

 protected:
  torch::Tensor feature_map(const torch::Tensor& images) override {
    auto x = bn1_->pooled(conv1_->forward(images));  // [B, 64, H/4, W/4]
    for (const auto& stage : stages_) x = stage->forward(x);
    return x;  // [B, F, H/32, W/32]
  }

 private:
  std::shared_ptr<Convolution> conv1_;
  std::shared_ptr<BatchNorm> bn1_;
  std::vector<std::shared_ptr<Stage<Block>>> stages_;
};

}  // namespace

std::shared_ptr<Network> make_resnet18(const NetworkOptions& options) {
  return std::make_shared<ResNet<BasicBlock>>(Depth{{2, 2, 2, 2}}, options);
}

std::shared_ptr<Network> make_resnet50(const NetworkOptions& options) {
  return std::make_shared<ResNet<Bottleneck>>(Depth{{3, 4, 6, 3}}, options);
}

std::shared_ptr<Network> make_resnet101(const NetworkOptions& options) {
  return std::make_shared<ResNet<Bottleneck>>(Depth{{3, 4, 23, 3}}, options);
}

std::shared_ptr<Network> make_resnext101(const NetworkOptions& options) {
  return std::make_shared<ResNet<Bottleneck>>(Depth{{3, 4, 23, 3}, 32, 8}, options);
}

}  // namespace oodml::models
