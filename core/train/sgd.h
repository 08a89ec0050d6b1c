#pragma once

#include <torch/types.h>

#include <vector>

#include "core/train/optimizer.h"

namespace oodml::train {

/// Stochastic gradient descent with momentum: v <- momentum * v + gradient + decay * parameter, then parameter <-
/// parameter - lr * v; v starts at zero. One fused kernel a group. Source: docs/training.md#optimiser (Revisiting DML).
class Sgd final : public Optimizer {
 public:
  /// 0 <= momentum < 1.
  Sgd(std::vector<ParameterGroup> groups, double momentum);

  void step(double rate_factor, const torch::Tensor& skip = {}) override;
  /// "<group>.<index>.momentum"
  models::NamedTensors state() const override;
  Status restore(const models::NamedTensors& state) override;

 private:
  double momentum_;
  std::vector<std::vector<torch::Tensor>> velocities_;  ///< as groups_[g].parameters; undefined until the first update
};

}  // namespace oodml::train
