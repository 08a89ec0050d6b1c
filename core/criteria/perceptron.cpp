#include "core/criteria/perceptron.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include "core/criteria/proxies/initial_values.h"

namespace oodml::criteria {

Perceptron::Perceptron(const std::vector<std::int64_t>& widths, at::Generator generator, LinearInit init) {
  if (widths.size() < 2) throw std::invalid_argument("perceptron: needs the width of its input and of its output");
  for (std::size_t k = 0; k + 1 < widths.size(); ++k) {
    const auto in = widths[k], out = widths[k + 1];
    const bool xavier = init == LinearInit::kXavierAfterFirst && k > 0;
    const double fan_in_bound = 1.0 / std::sqrt(static_cast<double>(in));
    const double bound = xavier ? std::sqrt(6.0 / static_cast<double>(in + out)) : fan_in_bound;
    const auto layer = register_module(std::to_string(k), std::make_shared<torch::nn::Module>());
    const auto weight = initial_uniform({out, in}, bound, generator);
    const auto bias = xavier ? at::zeros({out}, at::kFloat) : initial_uniform({out}, fan_in_bound, generator);
    weights_.push_back(layer->register_parameter("weight", weight));
    biases_.push_back(layer->register_parameter("bias", bias));
  }
}

torch::Tensor Perceptron::forward(const torch::Tensor& rows) const {
  auto values = at::linear(rows, weights_[0], biases_[0]);
  for (std::size_t k = 1; k < weights_.size(); ++k) values = at::linear(values.relu(), weights_[k], biases_[k]);
  return values;
}

torch::Tensor Perceptron::forward_frozen(const torch::Tensor& rows) const {
  auto values = at::linear(rows, weights_[0].detach(), biases_[0].detach());
  for (std::size_t k = 1; k < weights_.size(); ++k) {
    values = at::linear(values.relu(), weights_[k].detach(), biases_[k].detach());
  }
  return values;
}

}  // namespace oodml::criteria
