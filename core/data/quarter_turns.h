#pragma once

#include <torch/types.h>

namespace oodml::data {

/// The class of an image's rotation, by its position in the dataset: position mod 4. Any int64 tensor, on any device.
torch::Tensor quarter_turns(const torch::Tensor& positions);

/// images [B, 3, S, S], turns [B] int64 on their device -> each image rotated counter-clockwise by turns[i] times 90
/// degrees. Throws std::invalid_argument unless the images are square.
/// Source: Gidaris et al., ICLR 2018; docs/criteria.md#imrot.
torch::Tensor rotated(const torch::Tensor& images, const torch::Tensor& turns);

}  // namespace oodml::data
