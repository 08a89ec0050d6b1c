#include "core/train/sgd.h"

#include <optional>
#include <string>
#include <utility>

namespace oodml::train {
namespace {

std::string momentum_name_of(std::size_t group, std::size_t index) {
  return std::to_string(group) + "." + std::to_string(index) + ".momentum";
}

}  // namespace

Sgd::Sgd(std::vector<ParameterGroup> groups, double momentum) : Optimizer(std::move(groups)), momentum_(momentum) {
  for (const ParameterGroup& group : groups_) velocities_.emplace_back(group.parameters.size());
}

void Sgd::step(double rate_factor, const torch::Tensor& skip) {
  const torch::NoGradGuard no_grad;
  const auto found = skip.defined() ? std::optional(skip) : std::nullopt;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const ParameterGroup& group = groups_[g];
    std::vector<torch::Tensor> parameters, gradients, velocities;
    for (std::size_t i = 0; i < group.parameters.size(); ++i) {
      const torch::Tensor& parameter = group.parameters[i];
      if (!parameter.grad().defined()) continue;
      torch::Tensor& velocity = velocities_[g][i];
      if (!velocity.defined()) velocity = torch::zeros_like(parameter);
      parameters.push_back(parameter);
      gradients.push_back(parameter.grad());
      velocities.push_back(velocity);
    }
    if (parameters.empty()) continue;
    if (momentum_ == 0.0) velocities.clear();  // the kernel takes none then
    at::_fused_sgd_(parameters, gradients, velocities, group.weight_decay, momentum_, group.lr * rate_factor,
                    /*dampening=*/0.0, /*nesterov=*/false, /*maximize=*/false, /*is_first_step=*/false,
                    /*grad_scale=*/std::nullopt, found);
  }
}

models::NamedTensors Sgd::state() const {
  models::NamedTensors state;
  for (std::size_t g = 0; g < velocities_.size(); ++g) {
    for (std::size_t i = 0; i < velocities_[g].size(); ++i) {
      if (velocities_[g][i].defined()) state[momentum_name_of(g, i)] = velocities_[g][i];
    }
  }
  return state;
}

Status Sgd::restore(const models::NamedTensors& state) {
  for (std::size_t g = 0; g < velocities_.size(); ++g) {
    for (std::size_t i = 0; i < velocities_[g].size(); ++i) {
      velocities_[g][i].reset();
      if (!state.contains(momentum_name_of(g, i))) continue;
      velocities_[g][i] = torch::zeros_like(groups_[g].parameters[i]).set_requires_grad(false);
    }
  }
  return models::copy_into(this->state(), state, "restore the optimiser");
}

}  // namespace oodml::train
