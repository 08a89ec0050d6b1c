#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/result.h"
#include "core/models/tensor_file.h"
#include "core/pads/policy_network.h"
#include "core/train/adam.h"

namespace oodml::pads {

struct LearnerOptions {
  bool ppo = true;                   ///< Else REINFORCE.
  bool a2c = true;                   ///< The value head is the baseline; else a running mean of the rewards.
  bool value_of_score = false;       ///< The value head learns the raw score instead of the target (quirk T21).
  double baseline_ema_gamma = 0.05;  ///< Share of the newest reward in the running mean.
  double reward_update_w = 0.99;     ///< Discount of the next state's value in the target.
  double ppo_ratio = 0.2;            ///< Ratios count within 1 -+ this.
  double lr = 0.01;                  ///< Of Adam.
  std::int64_t old_update_iter = 3;  ///< Updates between two copies to the old policy of PPO.
};

/// What the policy did, and what came of it.
struct Experience {
  torch::Tensor state;    ///< That it acted on, [inputs].
  torch::Tensor actions;  ///< [bins] int64
  torch::Tensor next;     ///< The state that followed.
  double reward = 0.0;    ///< -1, 0 or 1.
  double score = 0.0;     ///< That followed.
};

/// What an update of the policy gives. The losses add up to what was minimised.
struct Learned {
  double policy_loss = 0.0;
  double value_loss = 0.0;  ///< 0 without A2C.
  double grad_l2 = 0.0;     ///< A root mean square, as for the network (quirk T27).
  double grad_max = 0.0;
};

/// Trains the policy, one Adam step an experience, in float32 on the CPU. With the advantage A, pi of the actions taken
/// and rho = pi / pi_old:
///   PPO: -mean_b min(rho_b A, clip(rho_b, 1 - e, 1 + e) A)      REINFORCE: -mean_b A log pi_b
///   A2C: R = r + w V(next), A = R - V(state), and (V(state) - R)^2 / 2 is added
///   else A = r - the running mean of earlier rewards, which starts at the first one and is 0 before it
/// Sources: Schulman et al., 2017; Williams, 1992; Roth et al., CVPR 2020, Sec. 3.3; docs/samplers.md#pads.
class Learner {
 public:
  /// `policy` is trained in place; its start is also the old policy's.
  Learner(LearnerOptions options, std::shared_ptr<PolicyNetwork> policy, std::shared_ptr<PolicyNetwork> old_policy);

  Learned learn(const Experience& experience);
  /// After the actions of an update, numbered from 0: copies the policy to the old one where that is due.
  void acted(std::int64_t update);

  /// "old.<name>", "adam.<name>", "baseline".
  models::NamedTensors tensors() const;
  Status restore(const models::NamedTensors& tensors);

 private:
  struct Losses {
    torch::Tensor policy, value;  ///< Scalars; value is undefined without A2C.
  };
  Losses losses(const Experience& experience);
  double advantage_of_reward(double reward);
  torch::Tensor policy_loss(const torch::Tensor& log_pi, const Experience& experience, double advantage);

  LearnerOptions options_;
  std::shared_ptr<PolicyNetwork> policy_, old_;
  train::Adam adam_;
  std::optional<double> baseline_;  ///< Running mean of the rewards.
};

}  // namespace oodml::pads
