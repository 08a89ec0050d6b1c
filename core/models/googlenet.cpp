#include "core/models/googlenet.h"

#include <array>
#include <string>
#include <vector>

#include "core/models/dropout.h"

namespace oodml::models {
namespace {

constexpr double kEps = 1e-3, kDropout = 0.2;
constexpr std::int64_t kGoogleNetFeatures = 1024;

/// Convolution "conv", norm "bn", ReLU.
class Unit final : public torch::nn::Module {
 public:
  Unit(Convolution::Shape shape, const LayerMaker& make)
      : conv_(make.convolution(*this, "conv", shape)), bn_(make.norm(*this, "bn", shape.out)) {}
  torch::Tensor forward(const torch::Tensor& images) { return bn_->rectified(conv_->forward(images)); }

 private:
  std::shared_ptr<Convolution> conv_;
  std::shared_ptr<BatchNorm> bn_;
};

/// Channels of an inception block; each branch of two convolutions as {reduced, out}.
struct InceptionWidths {
  const char* name;
  std::int64_t in, one;
  std::array<std::int64_t, 2> three, five;
  std::int64_t pooled;
};

constexpr std::array<InceptionWidths, 9> kInceptionBlocks = {{
    {"inception3a", 192, 64, {96, 128}, {16, 32}, 32},
    {"inception3b", 256, 128, {128, 192}, {32, 96}, 64},
    {"inception4a", 480, 192, {96, 208}, {16, 48}, 64},
    {"inception4b", 512, 160, {112, 224}, {24, 64}, 64},
    {"inception4c", 512, 128, {128, 256}, {24, 64}, 64},
    {"inception4d", 512, 112, {144, 288}, {32, 64}, 64},
    {"inception4e", 528, 256, {160, 320}, {32, 128}, 128},
    {"inception5a", 832, 256, {160, 320}, {32, 128}, 128},
    {"inception5b", 832, 384, {192, 384}, {48, 128}, 128},
}};

class Inception final : public torch::nn::Module {
 public:
  Inception(const InceptionWidths& w, const LayerMaker& make) {
    one_ = register_module("branch1", std::make_shared<Unit>(Convolution::Shape{w.in, w.one, 1, 1, 0}, make));
    three_ = add_pair("branch2", w.in, w.three, make);
    five_ = add_pair("branch3", w.in, w.five, make);
    // "0" of the last branch is the pooling, which has no tensors.
    const auto branch = register_module("branch4", std::make_shared<torch::nn::Module>());
    pooled_ = branch->register_module("1", std::make_shared<Unit>(Convolution::Shape{w.in, w.pooled, 1, 1, 0}, make));
  }

  torch::Tensor forward(const torch::Tensor& images) {
    const auto three = three_[1]->forward(three_[0]->forward(images));
    const auto five = five_[1]->forward(five_[0]->forward(images));
    const auto pooled = pooled_->forward(at::max_pool2d(images, 3, 1, 1));
    return at::cat({one_->forward(images), three, five, pooled}, 1);
  }

 private:
  using Pair = std::array<std::shared_ptr<Unit>, 2>;

  /// 1x1 to widths[0], then 3x3 to widths[1], named 0 and 1.
  Pair add_pair(const std::string& name, std::int64_t in, const std::array<std::int64_t, 2>& widths,
                const LayerMaker& make) {
    const auto branch = register_module(name, std::make_shared<torch::nn::Module>());
    const Convolution::Shape reduce{in, widths[0], 1, 1, 0}, out{widths[0], widths[1], 3, 1, 1};
    auto first = branch->register_module("0", std::make_shared<Unit>(reduce, make));
    auto second = branch->register_module("1", std::make_shared<Unit>(out, make));
    return {std::move(first), std::move(second)};
  }

  std::shared_ptr<Unit> one_, pooled_;
  Pair three_, five_;
};

class GoogLeNet final : public PooledNetwork {
 public:
  explicit GoogLeNet(const NetworkOptions& options) : PooledNetwork(options.arch, kGoogleNetFeatures) {
    const LayerMaker make{options.generator, options.arch.frozen, Start::kSmall, kEps};
    const auto unit = [&](const char* name, Convolution::Shape shape) {
      return register_module(name, std::make_shared<Unit>(shape, make));
    };
    conv1_ = unit("conv1", {3, 64, 7, 2, 3});
    conv2_ = unit("conv2", {64, 64, 1, 1, 0});
    conv3_ = unit("conv3", {64, 192, 3, 1, 1});
    for (const InceptionWidths& widths : kInceptionBlocks) {
      blocks_.push_back(register_module(widths.name, std::make_shared<Inception>(widths, make)));
    }
    input_scale_ = register_buffer("input_scale", torch::ones({3, 1, 1}));
    input_shift_ = register_buffer("input_shift", torch::zeros({3, 1, 1}));
    add_heads(options);
    dropout_ = register_module("dropout", std::make_shared<Dropout>(kDropout, options.generator));
  }

  std::vector<std::string_view> library_classifiers() const override { return {"fc.", "aux1.", "aux2."}; }

  /// From ImageNet's mean and deviation to 0.5 and 0.5.
  NamedTensors beside_library_weights() const override {
    const auto mean = torch::tensor({0.485, 0.456, 0.406}, torch::kFloat64).view({3, 1, 1});
    const auto deviation = torch::tensor({0.229, 0.224, 0.225}, torch::kFloat64).view({3, 1, 1});
    NamedTensors own = {{"input_scale", (deviation / 0.5).to(torch::kFloat32)},
                        {"input_shift", ((mean - 0.5) / 0.5).to(torch::kFloat32)}};
    add_below(own, "dropout", state_of(*dropout_));
    return own;
  }

 protected:
  torch::Tensor feature_map(const torch::Tensor& images) override {
    auto x = conv1_->forward(images * input_scale_ + input_shift_);  // [B, 64, H/2, W/2]
    x = conv3_->forward(conv2_->forward(halved(x, 3)));              // [B, 192, H/4, W/4]
    x = halved(x, 3);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      x = blocks_[i]->forward(x);
      if (i == 1) x = halved(x, 3);  // after 3b
      if (i == 6) x = halved(x, 2);  // after 4e
    }
    return x;  // [B, 1024, H/32, W/32]
  }

  torch::Tensor before_heads(const torch::Tensor& pooled) override { return dropout_->forward(pooled); }

 private:
  static torch::Tensor halved(const torch::Tensor& images, std::int64_t kernel) {
    return at::max_pool2d(images, kernel, 2, 0, 1, /*ceil_mode=*/true);
  }

  std::shared_ptr<Unit> conv1_, conv2_, conv3_;
  std::vector<std::shared_ptr<Inception>> blocks_;
  std::shared_ptr<Dropout> dropout_;
  torch::Tensor input_scale_, input_shift_;
};

}  // namespace

std::shared_ptr<Network> make_googlenet(const NetworkOptions& options) { return std::make_shared<GoogLeNet>(options); }

}  // namespace oodml::models
