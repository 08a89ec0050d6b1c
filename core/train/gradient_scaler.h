#pragma once

#include <torch/types.h>

#include <vector>

#include "core/base/result.h"
#include "core/models/tensor_file.h"

namespace oodml::train {

/// Finds steps whose gradients are not finite, so that they can be left out, and keeps float16 gradients from
/// vanishing: the loss is multiplied by a scale that starts at 65536, doubles after 2000 clean steps and halves at a
/// step that is left out. Nothing here waits for the device. Source: docs/training.md#epoch.
class GradientScaler {
 public:
  /// Without `scales` the scale is 1 for good: float32 and bfloat16 need none.
  GradientScaler(const torch::Device& device, bool scales);

  torch::Tensor scaled(const torch::Tensor& loss) const { return scales_ ? loss * scale_ : loss; }
  /// Takes the scale off the gradients, in place, and adapts it. A float scalar on the device: 1 when a gradient is
  /// NaN or infinite, so that the step must be left out, else 0.
  torch::Tensor unscale(const std::vector<torch::Tensor>& gradients);

  /// "scale" and "clean_steps"
  models::NamedTensors state() const { return {{"scale", scale_}, {"clean_steps", clean_steps_}}; }
  Status restore(const models::NamedTensors& state) {
    return models::copy_into(this->state(), state, "restore the gradient scaler");
  }

 private:
  bool scales_;
  torch::Tensor scale_;        ///< float scalar
  torch::Tensor clean_steps_;  ///< int32 scalar
};

}  // namespace oodml::train
