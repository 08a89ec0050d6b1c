#include "core/catalogue/lists.h"
#include "core/catalogue/script_name.h"

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

Component with_modifiers(Component component, const std::vector<std::string>& more) {
  component.modifiers.insert(component.modifiers.end(), more.begin(), more.end());
  return component;
}

}  // namespace

std::vector<Component> backbones() {
  return {
      backbone("resnet18", "ResNet-18, torchvision layout", "He et al., CVPR 2016", 512, "imagenet"),
      backbone("resnet50", "ResNet-50 (v1.5), torchvision layout", "He et al., CVPR 2016", 2048, "imagenet"),
      backbone("resnet101", "ResNet-101 (v1.5), torchvision layout", "He et al., CVPR 2016", 2048, "imagenet"),
      backbone("resnext101", "ResNeXt-101 32x8d, torchvision layout", "Xie et al., CVPR 2017", 2048, "imagenet"),
      with_modifiers(backbone("bninception",
                              "Inception with batch norm, Cadene's layout; lp2 and lp3 add norms of the map to the "
                              "pooling, he starts the head as Kaiming",
                              "Ioffe and Szegedy, ICML 2015", 1024, "imagenet"),
                     {"lp2", "lp3", "he"}),
      backbone("googlenet", "GoogLeNet with batch norm, torchvision layout; dropout 0.2 before the head",
               "Szegedy et al., CVPR 2015", 1024, "imagenet"),
      backbone("efficientb0", "EfficientNet-B0, timm layout", "Tan and Le, ICML 2019", 1280, "imagenet"),
      backbone("bit", "BiT-M ResNet-50x1, timm layout; it has group norms, so frozen changes nothing",
               "Kolesnikov et al., ECCV 2020", 2048, "imagenet"),
      backbone("small_conv", "Four 3x3 convolutions with batch norm, for images of 16 to 64 pixels", "", 128, "none",
               /*ours=*/true),
      backbone(std::string(kScript),
               "TorchScript module in a file, written script:FILE.pt (docs/pytorch.md); its own features", "", 0,
               "none", /*ours=*/true),
  };
}

}  // namespace oodml::catalogue
