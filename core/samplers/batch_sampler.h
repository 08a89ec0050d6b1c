#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/params.h"
#include "core/base/result.h"
#include "core/base/seeds.h"
#include "core/data/dataset.h"

namespace oodml::samplers {

/// Positions in the dataset.
using Batch = std::vector<std::int64_t>;
/// The batches of an epoch, in order.
using Batches = std::vector<Batch>;

/// Chooses the batches of an epoch.
class BatchSampler {
 public:
  virtual ~BatchSampler() = default;
  /// How many batches every epoch has.
  virtual std::int64_t batches_per_epoch() const = 0;
  /// True for samplers that look at the embeddings of the training set.
  virtual bool needs_embeddings() const { return false; }
  /// The epoch's batches: a function of (seeds, epoch, stored) alone. `stored` [N, D] float32 on the CPU: the newest
  /// embedding of every sample of the dataset, in its order; undefined unless needs_embeddings().
  virtual Batches epoch(std::uint64_t epoch, const torch::Tensor& stored) = 0;
};

struct SamplerContext {
  std::shared_ptr<const data::Dataset> dataset;
  std::int64_t batch_size = 112;
  std::int64_t samples_per_class = 2;
  std::int64_t steps_per_epoch = 0;  ///< 0: floor(samples / batch_size)
  Seeds seeds{0};
  bool compat_paper = false;  ///< Reproduce the references' quirks tagged C.

  std::int64_t samples() const { return static_cast<std::int64_t>(dataset->samples.size()); }
  std::int64_t classes() const { return static_cast<std::int64_t>(dataset->by_class.size()); }
  std::int64_t batches_per_epoch() const { return steps_per_epoch > 0 ? steps_per_epoch : samples() / batch_size; }
};

/// kInvalidArgument when batch_size is not divisible by samples_per_class, when the dataset gives no batch, or when
/// the sampler's own settings cannot be met on it.
Result<std::unique_ptr<BatchSampler>> make_sampler(const ComponentChoice& choice, const SamplerContext& context);

/// Names that make_sampler knows; a test holds them against the catalogue.
std::vector<std::string> sampler_names();

}  // namespace oodml::samplers
