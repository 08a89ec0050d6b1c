#include "core/train/optimizer.h"

#include <string>
#include <utility>

#include "core/train/adam.h"
#include "core/train/sgd.h"

namespace oodml::train {
namespace {

std::string name_of(std::size_t group, std::size_t index) {
  return std::to_string(group) + "." + std::to_string(index);
}

}  // namespace

void Optimizer::zero_grad() {
  for (ParameterGroup& group : groups_) {
    for (torch::Tensor& parameter : group.parameters) parameter.mutable_grad().reset();
  }
}

std::vector<torch::Tensor> Optimizer::gradients() const {
  std::vector<torch::Tensor> gradients;
  for (const ParameterGroup& group : groups_) {
    for (const torch::Tensor& parameter : group.parameters) {
      if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    }
  }
  return gradients;
}

models::NamedTensors Optimizer::gradient_state() const {
  models::NamedTensors state;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const auto& parameters = groups_[g].parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (parameters[i].grad().defined()) state[name_of(g, i)] = parameters[i].grad();
    }
  }
  return state;
}

Status Optimizer::restore_gradients(const models::NamedTensors& gradients) {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    for (std::size_t i = 0; i < groups_[g].parameters.size(); ++i) {
      torch::Tensor& parameter = groups_[g].parameters[i];
      parameter.mutable_grad().reset();
      if (gradients.contains(name_of(g, i))) {
        parameter.mutable_grad() = torch::zeros_like(parameter).set_requires_grad(false);
      }
    }
  }
  return models::copy_into(gradient_state(), gradients, "restore the gradients");
}

double rate_factor(const std::vector<std::int64_t>& tau, double gamma, std::int64_t epoch) {
  double factor = 1.0;
  for (const std::int64_t milestone : tau) {
    if (milestone <= epoch) factor *= gamma;
  }
  return factor;
}

std::unique_ptr<Optimizer> make_optimizer(std::vector<ParameterGroup> groups, const OptimizerOptions& options) {
  if (options.rule == UpdateRule::kSgd) return std::make_unique<Sgd>(std::move(groups), options.momentum);
  return std::make_unique<Adam>(std::move(groups));
}

}  // namespace oodml::train
