#include "core/models/efficientnet.h"

#include <array>
#include <string>
#include <vector>

namespace oodml::models {
namespace {

constexpr std::int64_t kStem = 32, kEfficientNetFeatures = 1280, kReduction = 4;

struct StageShape {
  std::int64_t blocks, kernel, stride, expansion, out;
};

constexpr std::array<StageShape, 7> kStages = {{{1, 3, 1, 1, 16},
                                                {2, 3, 2, 6, 24},
                                                {2, 5, 2, 6, 40},
                                                {3, 3, 2, 6, 80},
                                                {3, 5, 1, 6, 112},
                                                {4, 5, 2, 6, 192},
                                                {1, 3, 1, 6, 320}}};

torch::Tensor swish(torch::Tensor x) { return at::silu(x); }

/// Squeeze and excitation: a gate a channel from the pooled map.
class Gate final : public torch::nn::Module {
 public:
  Gate(std::int64_t channels, std::int64_t reduced, const LayerMaker& make)
      : reduce_(make.convolution(*this, "conv_reduce", {channels, reduced, 1, 1, 0, 1, true})),
        expand_(make.convolution(*this, "conv_expand", {reduced, channels, 1, 1, 0, 1, true})) {}

  torch::Tensor forward(const torch::Tensor& images) {
    const auto pooled = images.mean({2, 3}, /*keepdim=*/true);  // [B, C, 1, 1]
    return images * expand_->forward(swish(reduce_->forward(pooled))).sigmoid();
  }

 private:
  std::shared_ptr<Convolution> reduce_, expand_;
};

/// Expand (unless the factor is 1), convolve each channel alone, gate, project; a short cut where the shape stays.
/// timm calls the projection conv_pw in blocks without expansion and conv_pwl in the others.
class InvertedBlock final : public torch::nn::Module {
 public:
  InvertedBlock(std::int64_t in, const StageShape& shape, std::int64_t stride, const LayerMaker& make)
      : keeps_shape_(stride == 1 && in == shape.out) {
    const std::int64_t inner = in * shape.expansion;
    const bool expands = shape.expansion != 1;
    if (expands) {
      expand_ = make.convolution(*this, "conv_pw", {in, inner, 1, 1, 0});
      expand_norm_ = make.norm(*this, "bn1", inner);
    }
    const Convolution::Shape each{inner, inner, shape.kernel, stride, shape.kernel / 2, inner};
    depthwise_ = make.convolution(*this, "conv_dw", each);
    depthwise_norm_ = make.norm(*this, expands ? "bn2" : "bn1", inner);
    gate_ = register_module("se", std::make_shared<Gate>(inner, in / kReduction, make));
    project_ = make.convolution(*this, expands ? "conv_pwl" : "conv_pw", {inner, shape.out, 1, 1, 0});
    project_norm_ = make.norm(*this, expands ? "bn3" : "bn2", shape.out);
  }

  torch::Tensor forward(const torch::Tensor& images) {
    auto x = expand_ ? swish(expand_norm_->forward(expand_->forward(images))) : images;
    x = swish(depthwise_norm_->forward(depthwise_->forward(x)));
    x = project_norm_->forward(project_->forward(gate_->forward(x)));
    return keeps_shape_ ? x + images : x;
  }

 private:
  bool keeps_shape_;
  std::shared_ptr<Convolution> expand_, depthwise_, project_;
  std::shared_ptr<BatchNorm> expand_norm_, depthwise_norm_, project_norm_;
  std::shared_ptr<Gate> gate_;
};

class EfficientNet final : public PooledNetwork {
 public:
  explicit EfficientNet(const NetworkOptions& options) : PooledNetwork(options.arch, kEfficientNetFeatures) {
    const LayerMaker make{options.generator, options.arch.frozen, Start::kGroupFanOut};
    stem_ = make.convolution(*this, "conv_stem", {3, kStem, 3, 2, 1});
    stem_norm_ = make.norm(*this, "bn1", kStem);
    const auto stages = register_module("blocks", std::make_shared<torch::nn::Module>());
    std::int64_t in = kStem;
    for (std::size_t s = 0; s < kStages.size(); ++s) {
      const StageShape& shape = kStages[s];
      const auto stage = stages->register_module(std::to_string(s), std::make_shared<torch::nn::Module>());
      for (std::int64_t i = 0; i < shape.blocks; ++i) {
        const auto block = std::make_shared<InvertedBlock>(in, shape, i == 0 ? shape.stride : 1, make);
        blocks_.push_back(stage->register_module(std::to_string(i), block));
        in = shape.out;
      }
    }
    head_ = make.convolution(*this, "conv_head", {in, kEfficientNetFeatures, 1, 1, 0});
    head_norm_ = make.norm(*this, "bn2", kEfficientNetFeatures);
    add_heads(options);
  }

  std::vector<std::string_view> library_classifiers() const override { return {"classifier."}; }

 protected:
  torch::Tensor feature_map(const torch::Tensor& images) override {
    auto x = swish(stem_norm_->forward(stem_->forward(images)));  // [B, 32, H/2, W/2]
    for (const auto& block : blocks_) x = block->forward(x);      // [B, 320, H/32, W/32]
    return swish(head_norm_->forward(head_->forward(x)));         // [B, 1280, H/32, W/32]
  }

 private:
  std::shared_ptr<Convolution> stem_, head_;
  std::shared_ptr<BatchNorm> stem_norm_, head_norm_;
  std::vector<std::shared_ptr<InvertedBlock>> blocks_;
};

}  // namespace

std::shared_ptr<Network> make_efficientb0(const NetworkOptions& options) {
  return std::make_shared<EfficientNet>(options);
}

}  // namespace oodml::models
