#pragma once

#include <torch/types.h>

#include <vector>

#include "core/train/optimizer.h"

namespace oodml::train {

/// Decay of the running means of gradients and of their squares.
struct Betas {
  double first = 0.9, second = 0.999;
};

/// Adam with eps 1e-8, one fused kernel a group.
/// Source: Kingma & Ba, ICLR 2015; docs/training.md#optimiser.
class Adam final : public Optimizer {
 public:
  explicit Adam(std::vector<ParameterGroup> groups, Betas betas = {});

  void step(double rate_factor, const torch::Tensor& skip = {}) override;
  /// "<group>.<index>.exp_avg", ".exp_avg_sq" and ".step"
  models::NamedTensors state() const override;
  Status restore(const models::NamedTensors& state) override;

 private:
  struct Moments {
    torch::Tensor exp_avg, exp_avg_sq, step;  ///< Undefined until the first update; step is a float scalar.
  };
  Betas betas_;
  std::vector<std::vector<Moments>> moments_;  ///< as groups_[g].parameters
};

}  // namespace oodml::train
