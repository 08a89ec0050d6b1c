#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

Component backbone(std::string name, std::string summary, std::string paper, std::int64_t feature_dim,
                   std::string weights, bool ours = false) {
  Entry entry(Kind::kBackbone, std::move(name), std::move(summary));
  entry.from(std::move(paper));
  entry.component.feature_dim = feature_dim;
  entry.component.published_weights = std::move(weights);
  entry.component.modifiers = {"frozen", "normalize", "double"};
  entry.component.ours = ours;
  return entry.component;
}

}  // namespace

std::vector<Component> backbones() {
  return {
      backbone("resnet18", "ResNet-18, torchvision layout", "He et al., CVPR 2016", 512, "imagenet"),
      backbone("resnet50", "ResNet-50 (v1.5), torchvision layout", "He et al., CVPR 2016", 2048, "imagenet"),
      backbone("small_conv", "Four 3x3 convolutions with batch norm, for images of 16 to 64 pixels", "", 128, "none", /*ours=*/true),
  };
}

}  // namespace oodml::catalogue
