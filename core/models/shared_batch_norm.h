#pragma once

#include <torch/types.h>

#include <memory>

#include "core/collective/collective.h"

namespace oodml::models {

struct BatchNormTensors {
  torch::Tensor weight, bias;               ///< [C]
  torch::Tensor running_mean, running_var;  ///< [C], changed in place
};

/// Batch norm in training over a batch that is divided among the ranks of `group`, [B / size, C, H, W] each, all of one
/// size: normalised by the mean and variance of the whole batch, as one process would. The gradients of weight and bias
/// are of one's own images; added up over the ranks they are those of the batch. Means and squared deviations of the
/// parts are joined as in Chan et al., "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances",
/// 1979.
torch::Tensor shared_batch_norm(const torch::Tensor& images, const BatchNormTensors& tensors, double momentum,
                                double eps, std::shared_ptr<collective::Collective> group);

}  // namespace oodml::models
