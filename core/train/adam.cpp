#include "core/train/adam.h"

#include <optional>
#include <string>
#include <utility>

namespace oodml::train {
namespace {

constexpr double kEpsilon = 1e-8;

}  // namespace

Adam::Adam(std::vector<ParameterGroup> groups, Betas betas) : Optimizer(std::move(groups)), betas_(betas) {
  for (const ParameterGroup& group : groups_) moments_.emplace_back(group.parameters.size());
}

void Adam::step(double rate_factor, const torch::Tensor& skip) {
  const torch::NoGradGuard no_grad;
  const auto found = skip.defined() ? std::optional(skip) : std::nullopt;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const ParameterGroup& group = groups_[g];
    std::vector<torch::Tensor> parameters, gradients, exp_avgs, exp_avg_sqs, steps;
    for (std::size_t i = 0; i < group.parameters.size(); ++i) {
      const torch::Tensor& parameter = group.parameters[i];
      if (!parameter.grad().defined()) continue;
      Moments& moments = moments_[g][i];
      if (!moments.step.defined()) {
        moments.exp_avg = torch::zeros_like(parameter);
        moments.exp_avg_sq = torch::zeros_like(parameter);
        moments.step = torch::zeros({}, parameter.options().dtype(torch::kFloat32));
      }
      parameters.push_back(parameter);
      gradients.push_back(parameter.grad());
      exp_avgs.push_back(moments.exp_avg);
      exp_avg_sqs.push_back(moments.exp_avg_sq);
      steps.push_back(moments.step);
    }
    if (parameters.empty()) continue;
    if (found) {
      at::_foreach_add_(steps, 1 - *found);  // an update that is skipped does not count
    } else {
      at::_foreach_add_(steps, 1);
    }
    at::_fused_adam_(parameters, gradients, exp_avgs, exp_avg_sqs, /*max_exp_avg_sqs=*/{}, steps,
                     group.lr * rate_factor, betas_.first, betas_.second, group.weight_decay, kEpsilon,
                     /*amsgrad=*/false,
                     /*maximize=*/false, /*grad_scale=*/std::nullopt, found);
  }
}

models::NamedTensors Adam::state() const {
  models::NamedTensors state;
  for (std::size_t g = 0; g < moments_.size(); ++g) {
    for (std::size_t i = 0; i < moments_[g].size(); ++i) {
      const Moments& moments = moments_[g][i];
      if (!moments.step.defined()) continue;
      const std::string prefix = std::to_string(g) + "." + std::to_string(i) + ".";
      state[prefix + "exp_avg"] = moments.exp_avg;
      state[prefix + "exp_avg_sq"] = moments.exp_avg_sq;
      state[prefix + "step"] = moments.step;
    }
  }
  return state;
}

Status Adam::restore(const models::NamedTensors& state) {
  for (std::size_t g = 0; g < moments_.size(); ++g) {
    for (std::size_t i = 0; i < moments_[g].size(); ++i) {
      const std::string prefix = std::to_string(g) + "." + std::to_string(i) + ".";
      const torch::Tensor& parameter = groups_[g].parameters[i];
      Moments& moments = moments_[g][i];
      if (!state.contains(prefix + "step")) {
        moments = {};
      } else {
        moments = {torch::empty_like(parameter), torch::empty_like(parameter),
                   torch::empty({}, parameter.options().dtype(torch::kFloat32))};
        for (torch::Tensor* tensor : {&moments.exp_avg, &moments.exp_avg_sq, &moments.step}) {
          tensor->set_requires_grad(false);
        }
      }
    }
  }
  return models::copy_into(this->state(), state, "restore the optimiser");
}

}  // namespace oodml::train
