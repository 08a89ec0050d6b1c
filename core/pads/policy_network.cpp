#include "core/pads/policy_network.h"

#include <cmath>
#include <string>

#include "core/miners/candidates.h"

namespace oodml::pads {
namespace {

std::shared_ptr<models::Linear> linear(std::int64_t in, std::int64_t out, bool he_start,
                                       const at::Generator& generator) {
  auto layer = std::make_shared<models::Linear>(in, out, generator);
  if (he_start) {
    const torch::NoGradGuard no_grad;
    layer->named_parameters()["weight"].normal_(0.0, std::sqrt(2.0 / static_cast<double>(in)), generator);
    layer->named_parameters()["bias"].zero_();
  }
  return layer;
}

}  // namespace

PolicyNetwork::PolicyNetwork(const PolicyNetworkOptions& options, at::Generator generator)
    : options_(options), hidden_(register_module("policy", std::make_shared<Hidden>())) {
  std::int64_t width = options.inputs;
  for (const std::int64_t next : options.size) {
    hidden_->layers.push_back(hidden_->register_module(std::to_string(hidden_->layers.size()),
                                                       linear(width, next, options.he_start, generator)));
    width = next;
  }
  action_ = register_module("action", linear(width, options.actions * options.bins, options.he_start, generator));
  if (options.value_head) value_ = register_module("value", linear(width, 1, options.he_start, generator));
}

PolicyOutput PolicyNetwork::forward(const torch::Tensor& state) {
  auto x = state;
  for (const auto& layer : hidden_->layers) x = layer->forward(x).relu();
  PolicyOutput output;
  output.log_probabilities = action_->forward(x).view({options_.actions, options_.bins}).log_softmax(0);
  if (value_) output.value = value_->forward(x).squeeze(0);
  return output;
}

torch::Tensor draw_actions(const torch::Tensor& probabilities, const at::Generator& generator) {
  const auto known = probabilities.detach().nan_to_num(0.0).clamp_min(0.0).t();  // [bins, actions]
  const auto none = known.sum(1, /*keepdim=*/true).eq(0);
  return miners::draw_per_row(torch::where(none, torch::ones_like(known), known), generator).column;
}

}  // namespace oodml::pads
