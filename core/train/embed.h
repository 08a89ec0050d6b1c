#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/catalogue/catalogue.h"
#include "core/collective/collective.h"
#include "core/data/dataset.h"
#include "core/data/loader.h"
#include "core/models/backbone.h"
#include "core/samplers/batch_sampler.h"
#include "core/train/precision.h"

namespace oodml::train {

/// The positions 0 to samples - 1 in order, `batch_size` a batch; the last one may be short.
samplers::Batches consecutive_batches(std::int64_t samples, std::int64_t batch_size);

struct EmbedOptions {
  torch::Device device = torch::kCPU;
  std::int64_t batch_size = 112;
  data::LoaderOptions loader;  ///< With the evaluation transform.
  Precision precision = Precision::kFloat32;
  bool channels_last = false;        ///< As the network's weights are.
  std::function<bool()> keep_going;  ///< Asked between batches.
  /// Share the batches: each embeds every so-manyth, and all get all rows.
  std::shared_ptr<collective::Collective> replicas = std::make_shared<collective::Alone>();
  bool features = false;  ///< Also keep the pooled features.
};

/// The embeddings of a whole set on the device, row i of sample i.
struct EmbeddedSet {
  torch::Tensor embeddings;                    ///< [N, D]; of a network with several heads those of the first
  std::map<std::string, torch::Tensor> heads;  ///< [N, D] each, by name; empty for a network with one
  torch::Tensor features;                      ///< [N, F], pooled, not normalised; undefined unless asked for

  bool is_finite() const;
};

/// Embeds a set in order. The network is put into evaluation mode and no gradients are recorded. nullopt when
/// keep_going said no; the failure names an image that cannot be read.
Result<std::optional<EmbeddedSet>> embed(models::Network& network, const std::shared_ptr<const data::Dataset>& dataset,
                                         const EmbedOptions& options);

/// The embeddings to evaluate, [N, D * heads]: each head times its weight, joined, then scaled to unit rows if
/// `normalize`; the embeddings as they are where no head is named. Source: docs/metrics.md#embeddings.
torch::Tensor joined_embeddings(const EmbeddedSet& set, const catalogue::Embeddings& wanted, bool normalize);

}  // namespace oodml::train
