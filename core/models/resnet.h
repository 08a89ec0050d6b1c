#pragma once

#include <memory>

#include "core/models/pooled_network.h"

namespace oodml::models {

/// ResNet-18, -50 and -101 with torchvision's layout and names ("v1.5": the stride sits in the 3x3
/// convolution of a bottleneck). Source: He et al., CVPR 2016; torchvision resnet.py for the names.
std::shared_ptr<Network> make_resnet18(const NetworkOptions& options);
std::shared_ptr<Network> make_resnet50(const NetworkOptions& options);
std::shared_ptr<Network> make_resnet101(const NetworkOptions& options);
/// ResNeXt-101 32x8d: 3x3 convolutions in 32 groups of 8, 16, 32 and 64 channels. Source: Xie et al., CVPR 2017.
std::shared_ptr<Network> make_resnext101(const NetworkOptions& options);

}  // namespace oodml::models
