#include "core/pads/learner.h"

#include <cmath>
#include <utility>
#include <vector>

namespace oodml::pads {
namespace {

torch::Tensor of_actions(const torch::Tensor& log_probabilities, const torch::Tensor& actions) {
  return log_probabilities.gather(0, actions.unsqueeze(0)).squeeze(0);  // [bins]
}

void copy_parameters(torch::nn::Module& from, torch::nn::Module& to) {
  const torch::NoGradGuard no_grad;
  const auto source = from.parameters(), target = to.parameters();
  for (std::size_t i = 0; i < source.size(); ++i) target[i].copy_(source[i]);
}

void add_gradient_figures(const std::vector<torch::Tensor>& gradients, Learned& learned) {
  double squares = 0.0, entries = 0.0;
  for (const torch::Tensor& gradient : gradients) {
    squares += gradient.to(torch::kDouble).square().sum().item<double>();
    entries += static_cast<double>(gradient.numel());
    learned.grad_max = std::max(learned.grad_max, gradient.abs().max().item<double>());
  }
  learned.grad_l2 = std::sqrt(squares / entries);
}

}  // namespace

Learner::Learner(LearnerOptions options, std::shared_ptr<PolicyNetwork> policy,
                 std::shared_ptr<PolicyNetwork> old_policy)
    : options_(options),
      policy_(std::move(policy)),
      old_(std::move(old_policy)),
      adam_({{.parameters = policy_->parameters(), .lr = options.lr}}) {
  copy_parameters(*policy_, *old_);
}

double Learner::advantage_of_reward(double reward) {
  const double advantage = reward - baseline_.value_or(0.0);
  const double share = options_.baseline_ema_gamma;
  baseline_ = baseline_ ? (1 - share) * *baseline_ + share * reward : reward;
  return advantage;
}

torch::Tensor Learner::policy_loss(const torch::Tensor& log_pi, const Experience& experience, double advantage) {
  if (!options_.ppo) return -(advantage * log_pi).mean();
  const torch::NoGradGuard no_grad;
  const auto log_old = of_actions(old_->forward(experience.state).log_probabilities, experience.actions);
  const at::AutoGradMode with_grad(true);
  const auto ratio = (log_pi - log_old).exp();
  const auto near = ratio.clamp(1 - options_.ppo_ratio, 1 + options_.ppo_ratio);
  return -torch::min(ratio * advantage, near * advantage).mean();
}

Learner::Losses Learner::losses(const Experience& experience) {
  const PolicyOutput output = policy_->forward(experience.state);
  const auto log_pi = of_actions(output.log_probabilities, experience.actions);
  if (!options_.a2c) {
    return {policy_loss(log_pi, experience, advantage_of_reward(experience.reward)), torch::Tensor()};
  }
  const double next_value = policy_->forward(experience.next).value.item<double>();
  const double target = experience.reward + options_.reward_update_w * next_value;
  const double advantage = target - output.value.item<double>();
  const double wanted = options_.value_of_score ? experience.score : target;
  return {policy_loss(log_pi, experience, advantage), (output.value - wanted).square() / 2};
}

Learned Learner::learn(const Experience& experience) {
  adam_.zero_grad();
  const Losses loss = losses(experience);
  (loss.value.defined() ? loss.policy + loss.value : loss.policy).backward();
  Learned learned{.policy_loss = loss.policy.item<double>(),
                  .value_loss = loss.value.defined() ? loss.value.item<double>() : 0.0};
  add_gradient_figures(adam_.gradients(), learned);
  adam_.step(/*rate_factor=*/1.0);
  return learned;
}

void Learner::acted(std::int64_t update) {
  if (update > 1 && update % options_.old_update_iter == 0) copy_parameters(*policy_, *old_);
}

models::NamedTensors Learner::tensors() const {
  models::NamedTensors tensors;
  models::add_below(tensors, "old", models::state_of(*old_));
  models::add_below(tensors, "adam", adam_.state());
  if (baseline_) tensors["baseline"] = torch::full({1}, *baseline_, torch::kDouble);
  return tensors;
}

Status Learner::restore(const models::NamedTensors& tensors) {
  OODML_RETURN_IF_ERROR(
      models::copy_into(models::state_of(*old_), models::below(tensors, "old"), "restore the old sampling policy"));
  OODML_RETURN_IF_ERROR(adam_.restore(models::below(tensors, "adam")));
  const auto baseline = tensors.find("baseline");
  if (baseline == tensors.end()) return {};
  if (baseline->second.numel() != 1) return invalid_argument("restore the sampling policy: 'baseline' is no number");
  baseline_ = baseline->second.item<double>();
  return {};
}

}  // namespace oodml::pads
