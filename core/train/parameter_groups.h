#pragma once

#include <torch/nn/module.h>

#include <vector>

#include "core/criteria/criterion.h"
#include "core/train/optimizer.h"

namespace oodml::train {

struct GroupOptions {
  double lr = 1e-5;
  double fc_lr = -1.0;         ///< Of the heads; negative: lr.
  double weight_decay = 4e-4;  ///< Of the network.
};

/// In this order: the network without its heads, the heads (parameters named last_linear.*; empty when they have the
/// network's rate and stand with it), then the criterion's groups, which never decay. See docs/training.md#optimiser.
std::vector<ParameterGroup> make_groups(const torch::nn::Module& network, const criteria::Criterion& criterion,
                                        const GroupOptions& options);

}  // namespace oodml::train
