#include "core/models/small_conv.h"

#include <array>
#include <string>
#include <vector>

namespace oodml::models {
namespace {

constexpr std::array<Convolution::Shape, 4> kLayers = {{
    {.in = 3, .out = 32, .stride = 2},
    {.in = 32, .out = 64, .stride = 2},
    {.in = 64, .out = 128, .stride = 2},
    {.in = 128, .out = 128, .stride = 1},
}};

class SmallConv final : public PooledNetwork {
 public:
  explicit SmallConv(const NetworkOptions& options) : PooledNetwork(options.arch, kLayers.back().out) {
    for (std::size_t i = 0; i < kLayers.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      convolutions_.push_back(
          register_module("conv" + number, std::make_shared<Convolution>(kLayers[i], options.generator)));
      norms_.push_back(
          register_module("bn" + number, std::make_shared<BatchNorm>(kLayers[i].out, options.arch.frozen)));
    }
    add_heads(options);
  }

 protected:
  torch::Tensor feature_map(const torch::Tensor& images) override {
    auto x = images;
    for (std::size_t i = 0; i < kLayers.size(); ++i) x = norms_[i]->rectified(convolutions_[i]->forward(x));
    return x;  // [B, 128, H/8, W/8]
  }

 private:
  std::vector<std::shared_ptr<Convolution>> convolutions_;
  std::vector<std::shared_ptr<BatchNorm>> norms_;
};

}  // namespace

std::shared_ptr<Network> make_small_conv(const NetworkOptions& options) { return std::make_shared<SmallConv>(options); }

}  // namespace oodml::models
