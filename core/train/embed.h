#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/loader.h"
#include "core/models/backbone.h"

namespace oodml::train {

struct EmbedOptions {
  torch::Device device = torch::kCPU;
  std::int64_t batch_size = 112;
  data::LoaderOptions loader;        ///< With the evaluation transform.
  std::function<bool()> keep_going;  ///< Asked between batches.
};

/// The embeddings of a whole set, [N, D] float on the device, row i of sample i. The network is put into
/// evaluation mode and no gradients are recorded. nullopt when keep_going said no; the failure names an
/// image that cannot be read.
Result<std::optional<torch::Tensor>> embed(models::Network& network, const std::shared_ptr<const data::Dataset>& dataset,
                                           const EmbedOptions& options);

}  // namespace oodml::train
