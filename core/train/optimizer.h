#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
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

/// An update rule with its state. Parameters without a gradient are left alone, state included: a backbone in warm-up
/// neither moves nor decays. Source: docs/training.md#optimiser.
class Optimizer {
 public:
  explicit Optimizer(std::vector<ParameterGroup> groups) : groups_(std::move(groups)) {}
  virtual ~Optimizer() = default;

  void zero_grad();
  /// Every gradient there is, in the order of the groups; they share memory with the parameters'.
  std::vector<torch::Tensor> gradients() const;
  const std::vector<ParameterGroup>& groups() const { return groups_; }
  /// "<group>.<index>" of every gradient there is.
  models::NamedTensors gradient_state() const;
  /// Gives the parameters the gradients that gradient_state() gave, and no other.
  Status restore_gradients(const models::NamedTensors& gradients);

  /// One update at `rate_factor` times each group's learning rate. `skip`, a float scalar on the parameters' device,
  /// makes it none when it is 1, without anybody asking the device; undefined: never.
  virtual void step(double rate_factor, const torch::Tensor& skip = {}) = 0;

  /// "<group>.<index>.<name>" of every parameter that has been updated.
  virtual models::NamedTensors state() const = 0;
  /// kInvalidArgument names what does not fit the groups.
  virtual Status restore(const models::NamedTensors& state) = 0;

 protected:
  std::vector<ParameterGroup> groups_;
};

/// The factor on all learning rates in 0-based epoch `epoch`: gamma for every milestone <= epoch
/// (docs/training.md#optimiser: the counter is e + 1 after epoch e, so tau = 100 first shows in epoch 100).
double rate_factor(const std::vector<std::int64_t>& tau, double gamma, std::int64_t epoch);

enum class UpdateRule { kAdam, kSgd };

struct OptimizerOptions {
  UpdateRule rule = UpdateRule::kAdam;
  double momentum = 0.9;  ///< Of SGD.
};

std::unique_ptr<Optimizer> make_optimizer(std::vector<ParameterGroup> groups, const OptimizerOptions& options);

}  // namespace oodml::train
