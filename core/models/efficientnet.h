#pragma once

#include <memory>

#include "core/models/pooled_network.h"

namespace oodml::models {

/// EfficientNet-B0 with timm's layout and names (efficientnet_b0: symmetric padding, eps 1e-5), no dropout.
/// Source: Tan and Le, ICML 2019; timm efficientnet.py for the names.
std::shared_ptr<Network> make_efficientb0(const NetworkOptions& options);

}  // namespace oodml::models
