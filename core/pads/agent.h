#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/base/seeds.h"
#include "core/models/tensor_file.h"
#include "core/pads/histogram.h"
#include "core/pads/learner.h"
#include "core/pads/policy_network.h"
#include "core/pads/state_history.h"

namespace oodml::pads {

struct AgentOptions {
  HistogramOptions histogram;
  StateOptions state;
  LearnerOptions learner;
  std::vector<std::int64_t> size = {128, 128};          ///< Hidden widths of the policy.
  bool he_start = false;                                ///< winit_type he_n.
  std::vector<double> action_values = {0.5, 1.0, 1.5};  ///< Factors of a bin that the policy chooses among.
  std::int64_t metrics = 7;                             ///< Length of a metric vector.
};

/// What is measured for an update.
struct Observation {
  torch::Tensor metrics;  ///< [n_m]
  double score = 0.0;     ///< Whose change is the reward.
  double progress = 0.0;  ///< Share of the run that is over.
};

/// What the policy made of an observation.
struct Insight {
  torch::Tensor state;             ///< [inputs]
  std::optional<double> reward;    ///< Sign of the score's change; nothing at the first update.
  std::optional<Learned> learned;  ///< Likewise.
};

/// The policy with all that it remembers: the histogram it shapes, the history it sees, the actions it took last. An
/// update is learn(), then act(): after them the histogram is the new one. Everything lies on the CPU.
/// Source: Roth et al., CVPR 2020, Algorithm 1; docs/samplers.md#pads.
class Agent {
 public:
  /// Initial weights and actions are functions of the seeds.
  Agent(AgentOptions options, Seeds seeds);

  /// Observes, and learns from what came of the actions before.
  Insight learn(const Observation& observation);
  /// Actions of the policy for the state observed last: [bins] int64, a function of seeds and update.
  torch::Tensor draw() const;
  /// Multiplies the bins by the factors of these actions.
  void act(const torch::Tensor& actions);

  const SamplingHistogram& histogram() const { return histogram_; }
  const std::shared_ptr<PolicyNetwork>& policy() const { return policy_; }
  std::int64_t updates() const { return updates_; }

  models::NamedTensors tensors() const;
  /// kInvalidArgument for anything that tensors() of an equal agent does not give.
  Status restore(const models::NamedTensors& tensors);

 private:
  AgentOptions options_;
  Seeds seeds_;
  SamplingHistogram histogram_;
  StateHistory history_;
  std::shared_ptr<PolicyNetwork> policy_;
  Learner learner_;
  torch::Tensor state_, actions_;  ///< Of the update before; undefined before the first.
  double score_ = 0.0;             ///< Likewise.
  std::int64_t updates_ = 0;       ///< Finished.
};

}  // namespace oodml::pads
