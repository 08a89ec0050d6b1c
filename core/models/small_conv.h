#pragma once

#include <memory>

#include "core/models/pooled_network.h"

namespace oodml::models {

/// A network of our own for images of 16 to 64 pixels: four 3x3 convolutions of 32, 64, 128 and 128 channels
/// with batch norm and ReLU, strides 2, 2, 2, 1, so that a training step costs milliseconds on one CPU core.
/// Names: conv1, bn1, ..., conv4, bn4, last_linear; F = 128.
std::shared_ptr<Network> make_small_conv(const NetworkOptions& options);

}  // namespace oodml::models
