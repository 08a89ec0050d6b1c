#pragma once

#include <memory>

#include "core/models/pooled_network.h"

namespace oodml::models {

/// ResNet-18 and ResNet-50 with torchvision's layout and names ("v1.5": the stride sits in the 3x3
/// convolution of a bottleneck). Source: He et al., CVPR 2016; torchvision resnet.py for the names.
std::shared_ptr<Network> make_resnet18(const NetworkOptions& options);
std::shared_ptr<Network> make_resnet50(const NetworkOptions& options);

}  // namespace oodml::models
