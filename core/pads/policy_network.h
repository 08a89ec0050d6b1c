#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "core/models/layers.h"

namespace oodml::pads {

struct PolicyNetworkOptions {
  std::int64_t inputs = 1;                      ///< Length of the state.
  std::vector<std::int64_t> size = {128, 128};  ///< Hidden widths, one or more.
  std::int64_t actions = 3;                     ///< Of each bin.
  std::int64_t bins = 29;
  bool value_head = true;  ///< Also gives a value of the state.
  bool he_start = false;   ///< Kaiming normal weights and zero biases; else the framework's default start.
};

/// What the policy thinks of a state.
struct PolicyOutput {
  torch::Tensor log_probabilities;  ///< [actions, bins]: of each action, normalised over the actions of a bin.
  torch::Tensor value;              ///< Scalar; undefined without a value head.
};

/// Linear layers with ReLU between, a head for the actions and one for the value. Parameters policy.<k>, action, value.
/// Source: Roth et al., CVPR 2020, Sec. 3.3; docs/samplers.md#pads.
class PolicyNetwork final : public torch::nn::Module {
 public:
  PolicyNetwork(const PolicyNetworkOptions& options, at::Generator generator);
  /// state [inputs] float32.
  PolicyOutput forward(const torch::Tensor& state);

 private:
  /// The hidden layers, named by their numbers.
  struct Hidden final : torch::nn::Module {
    std::vector<std::shared_ptr<models::Linear>> layers;
  };
  PolicyNetworkOptions options_;
  std::shared_ptr<Hidden> hidden_;
  std::shared_ptr<models::Linear> action_, value_;
};

/// An action for each bin, drawn from probabilities [actions, bins]: [bins] int64. NaN counts as 0; a bin without any
/// probability draws uniformly.
torch::Tensor draw_actions(const torch::Tensor& probabilities, const at::Generator& generator);

}  // namespace oodml::pads
