#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/models/tensor_file.h"

namespace oodml::train {

/// Parameters that share a learning rate.
struct ParameterGroup {
  std::vector<torch::Tensor> parameters;
  double lr = 0.0;            ///< Before the schedule's factor.
  double weight_decay = 0.0;  ///< Added to the gradient as weight_decay * parameter (L2-coupled, not AdamW).
};

/// Decay of the running means of gradients and of their squares.
struct Betas {
  double first = 0.9, second = 0.999;
};

/// Adam with eps 1e-8, one fused kernel a group. Parameters without a gradient are left
/// alone, moments and step count included: a backbone in warm-up neither moves nor decays.
/// Source: Kingma & Ba, ICLR 2015; training.md 4.2.
class Adam {
 public:
  explicit Adam(std::vector<ParameterGroup> groups, Betas betas = {});

  void zero_grad();
  /// One update at `rate_factor` times each group's learning rate.
  void step(double rate_factor);

  /// "<group>.<index>.exp_avg", ".exp_avg_sq" and ".step" of every parameter that has been updated.
  models::NamedTensors state() const;
  /// kInvalidArgument names what does not fit the groups.
  Status restore(const models::NamedTensors& state);

 private:
  struct Moments {
    torch::Tensor exp_avg, exp_avg_sq, step;  ///< Undefined until the first update; step is a float scalar.
  };
  std::vector<ParameterGroup> groups_;
  Betas betas_;
  std::vector<std::vector<Moments>> moments_;  ///< as groups_[g].parameters
};

/// The factor on all learning rates in 0-based epoch `epoch`: gamma for every milestone <= epoch (training.md
/// 4.3: the counter is e + 1 after epoch e, so tau = 100 first shows in epoch 100).
double rate_factor(const std::vector<std::int64_t>& tau, double gamma, std::int64_t epoch);

}  // namespace oodml::train
