#pragma once

#include <torch/types.h>

namespace oodml::models {

/// A batch norm that uses its running figures: x -> (x - mean) * weight / sqrt(var + eps) + bias, by channel. All [C].
struct FrozenNorm {
  torch::Tensor weight, bias;
  torch::Tensor running_mean, running_var;
  double eps = 1e-5;
};

/// What follows a norm.
enum class Then { kNothing, kRectify };

/// norm(images) + shortcut, and of that the positive part where asked for: one walk over the images forwards and one
/// backwards, in single precision on a CPU, where each operation by itself is as slow as memory. Everything else is
/// done by LibTorch's operators, with the same values to the bit where multiplications are fused (AVX2, AVX-512).
/// Gradients of weight and bias are added up in an order that does not depend on the number of threads. The second
/// derivative is refused.
///
/// images [B, C, H, W]; shortcut of the same shape, or undefined.
torch::Tensor normed(const FrozenNorm& norm, const torch::Tensor& images, const torch::Tensor& shortcut, Then then);

/// max_pool2d(relu(norm(images)), 3, 2, 1), as the stem of a ResNet has it, in the same way: what is not the largest of
/// its window is neither stored nor read again.
/// [B, C, H, W] -> [B, C, (H + 1) / 2, (W + 1) / 2]
torch::Tensor normed_and_pooled(const FrozenNorm& norm, const torch::Tensor& images);

}  // namespace oodml::models
