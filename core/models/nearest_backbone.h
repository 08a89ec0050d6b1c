#pragma once

#include <string>

#include "core/models/tensor_file.h"

namespace oodml::models {

/// What a file of weights looks like, for the message when it does not fit: "it has 122 of the 122 tensors of resnet18,
/// the nearest of the known backbones". Makes each backbone once, which takes seconds.
std::string nearest_backbone(const NamedTensors& file);

}  // namespace oodml::models
