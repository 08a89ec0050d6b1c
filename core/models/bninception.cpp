#include "core/models/bninception.h"

#include <array>
#include <map>
#include <string>

namespace oodml::models {
namespace {

constexpr std::int64_t kBnFeatures = 1024;

enum class Pool { kAverage, kMax, kHalving };  ///< A halving block passes its max pool on and has no 1x1 branch.

/// Channels of a block: 1x1 | 3x3 {reduced, out} | double 3x3 {reduced, middle, out} | projection of the pool.
struct BnWidths {
  const char* name;
  std::int64_t in, one;
  std::array<std::int64_t, 2> three;
  std::array<std::int64_t, 3> twice;
  Pool pool;
  std::int64_t projected;
};

constexpr std::array<BnWidths, 10> kBnBlocks = {{
    {"inception_3a_", 192, 64, {64, 64}, {64, 96, 96}, Pool::kAverage, 32},
    {"inception_3b_", 256, 64, {64, 96}, {64, 96, 96}, Pool::kAverage, 64},
    {"inception_3c_", 320, 0, {128, 160}, {64, 96, 96}, Pool::kHalving, 0},
    {"inception_4a_", 576, 224, {64, 96}, {96, 128, 128}, Pool::kAverage, 128},
    {"inception_4b_", 576, 192, {96, 128}, {96, 128, 128}, Pool::kAverage, 128},
    {"inception_4c_", 576, 160, {128, 160}, {128, 160, 160}, Pool::kAverage, 128},
    {"inception_4d_", 608, 96, {128, 192}, {160, 192, 192}, Pool::kAverage, 128},
    {"inception_4e_", 608, 0, {128, 192}, {192, 256, 256}, Pool::kHalving, 0},
    {"inception_5a_", 1056, 352, {192, 320}, {160, 224, 224}, Pool::kAverage, 128},
    {"inception_5b_", 1024, 352, {192, 320}, {192, 224, 224}, Pool::kMax, 128},
}};

class BnInception final : public PooledNetwork {
 public:
  explicit BnInception(const NetworkOptions& options)
      : PooledNetwork(options.arch, kBnFeatures), make_{options.generator, options.arch.frozen, Start::kFanIn} {
    add("conv1_7x7_s2", {3, 64, 7, 2, 3});
    add("conv2_3x3_reduce", {64, 64, 1, 1, 0});
    add("conv2_3x3", {64, 192, 3, 1, 1});
    for (const BnWidths& block : kBnBlocks) add_block(block);
    add_heads(options);
  }

  std::vector<std::string_view> library_classifiers() const override { return {"last_linear."}; }

 protected:
  torch::Tensor feature_map(const torch::Tensor& images) override {
    auto x = halved(unit("conv1_7x7_s2", images));               // [B, 64, H/4, W/4]
    x = halved(unit("conv2_3x3", unit("conv2_3x3_reduce", x)));  // [B, 192, H/8, W/8]
    for (const BnWidths& block : kBnBlocks) x = forward_block(block, x);
    return x;  // [B, 1024, H/32, W/32]
  }

 private:
  struct Unit {
    std::shared_ptr<Convolution> convolution;
    std::shared_ptr<BatchNorm> norm;
  };

  void add(const std::string& name, Convolution::Shape shape) {
    shape.bias = true;
    auto convolution = make_.convolution(*this, name, shape);
    units_[name] = {std::move(convolution), make_.norm(*this, name + "_bn", shape.out)};
  }

  void add_block(const BnWidths& w) {
    const std::string name = w.name;
    const std::int64_t stride = w.pool == Pool::kHalving ? 2 : 1;
    if (w.one > 0) add(name + "1x1", {w.in, w.one, 1, 1, 0});
    add(name + "3x3_reduce", {w.in, w.three[0], 1, 1, 0});
    add(name + "3x3", {w.three[0], w.three[1], 3, stride, 1});
    add(name + "double_3x3_reduce", {w.in, w.twice[0], 1, 1, 0});
    add(name + "double_3x3_1", {w.twice[0], w.twice[1], 3, 1, 1});
    add(name + "double_3x3_2", {w.twice[1], w.twice[2], 3, stride, 1});
    if (w.projected > 0) add(name + "pool_proj", {w.in, w.projected, 1, 1, 0});
  }

  torch::Tensor unit(const std::string& name, const torch::Tensor& images) const {
    const Unit& layers = units_.at(name);
    return layers.norm->rectified(layers.convolution->forward(images));
  }

  torch::Tensor forward_block(const BnWidths& w, const torch::Tensor& x) const {
    const std::string name = w.name;
    const auto three = unit(name + "3x3", unit(name + "3x3_reduce", x));
    const auto first = unit(name + "double_3x3_1", unit(name + "double_3x3_reduce", x));
    const auto twice = unit(name + "double_3x3_2", first);
    if (w.pool == Pool::kHalving) return at::cat({three, twice, halved(x)}, 1);
    const auto pooled = w.pool == Pool::kMax ? at::max_pool2d(x, 3, 1, 1) : at::avg_pool2d(x, 3, 1, 1);  // with zeros
    return at::cat({unit(name + "1x1", x), three, twice, unit(name + "pool_proj", pooled)}, 1);
  }

  static torch::Tensor halved(const torch::Tensor& images) {
    return at::max_pool2d(images, 3, 2, 0, 1, /*ceil_mode=*/true);
  }

  LayerMaker make_;
  std::map<std::string, Unit> units_;  ///< By the name of the convolution.
};

}  // namespace

std::shared_ptr<Network> make_bninception(const NetworkOptions& options) {
  return std::make_shared<BnInception>(options);
}

}  // namespace oodml::models
