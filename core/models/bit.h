#pragma once

#include <memory>

#include "core/models/pooled_network.h"

namespace oodml::models {

/// BiT ResNet-50x1 with timm's layout and names (resnetv2_50x1_bitm): group norm and ReLU before each convolution,
/// every filter standardised. The map is the output of the last norm. No batch norm, so `frozen` changes nothing.
/// Source: Kolesnikov et al., ECCV 2020; timm resnetv2.py for the names.
std::shared_ptr<Network> make_bit(const NetworkOptions& options);

}  // namespace oodml::models
