#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/seeds.h"
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
  torch::Device device = torch::kCPU;  ///< Where the network is.
  std::int64_t batch_size = 112;
  data::LoaderOptions loader;  ///< With the evaluation transform.
  Precision precision = Precision::kFloat32;
  bool channels_last = false;        ///< As the network's weights are.
  std::function<bool()> keep_going;  ///< Asked before each batch.
  /// Share the batches: each embeds every so-manyth, and all get all rows.
  std::shared_ptr<collective::Collective> replicas = std::make_shared<collective::Alone>();
  bool features = false;  ///< Also keep the pooled features.
  /// Leaves the network in training mode, whose batch norms then learn from the set: a quirk of PADS (T21). Every
  /// replica then embeds all batches, as batch norms of several processes work on one batch together.
  bool training_mode = false;
  Seeds seeds{0};  ///< With `epoch` the draws of a training transform; that of evaluation draws nothing.
  std::uint64_t epoch = 0;
};

/// `batch` is on the CPU, `output` on the network's device.
using TakeOutput = std::function<void(const data::Batch& batch, const models::NetworkOutput& output)>;

/// The network's outputs for these batches of the dataset, in order: in evaluation mode (unless the options say
/// otherwise), without gradients, in float32. The one loop of embeddings and features. False when keep_going said no;
/// the failure names an image that cannot be read. What `options` says of sharing and keeping is the caller's.
Result<bool> infer_batches(models::Network& network, const std::shared_ptr<const data::Dataset>& dataset,
                           const samplers::Batches& batches, const EmbedOptions& options, const TakeOutput& take);

/// The embeddings of a whole set on the device, row i of sample i.
struct EmbeddedSet {
  torch::Tensor embeddings;                    ///< [N, D]; of a network with several heads those of the first
  std::map<std::string, torch::Tensor> heads;  ///< [N, D] each, by name; empty for a network with one
  torch::Tensor features;                      ///< [N, F], pooled, not normalised; undefined unless asked for

  bool is_finite() const;
};

/// Embeds a set in order, by infer_batches. nullopt when keep_going said no.
Result<std::optional<EmbeddedSet>> embed(models::Network& network, const std::shared_ptr<const data::Dataset>& dataset,
                                         const EmbedOptions& options);

/// Embeddings to evaluate, as the trial names them.
struct NamedEmbeddings {
  std::string name;  ///< embeds, avg_features, Combined_...
  catalogue::Embeddings parts;
};

/// The embeddings to evaluate, [N, D * heads]: each head times its weight, joined, then scaled to unit rows if
/// `normalize`; the embeddings, or the features, as they are where no head is named. Source:
/// docs/metrics.md#embeddings.
torch::Tensor joined_embeddings(const EmbeddedSet& set, const catalogue::Embeddings& wanted, bool normalize);

}  // namespace oodml::train
