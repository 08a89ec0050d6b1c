#pragma once

#include <torch/nn/module.h>

#include <memory>

#include "core/collective/collective.h"

namespace oodml::models {

/// From now on forward() of `network` in training gets one part of a batch that is divided evenly among the ranks of
/// `group`, in their order, on each of them, and gives what it would give for that part within the whole batch.
void share_batches(torch::nn::Module& network, const std::shared_ptr<collective::Collective>& group);

}  // namespace oodml::models
