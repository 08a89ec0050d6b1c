#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/params.h"
#include "core/base/result.h"
#include "core/base/seeds.h"
#include "core/data/dataset.h"

namespace oodml::samplers {

/// Chooses the batches of an epoch.
class BatchSampler {
 public:
  virtual ~BatchSampler() = default;
  /// The epoch's batches: positions in the dataset. A function of (seeds, epoch) alone.
  virtual std::vector<std::vector<std::int64_t>> epoch(std::uint64_t epoch) = 0;
};

struct SamplerContext {
  std::shared_ptr<const data::Dataset> dataset;
  std::int64_t batch_size = 112;
  std::int64_t samples_per_class = 2;
  std::int64_t steps_per_epoch = 0;  ///< 0: floor(samples / batch_size)
  Seeds seeds{0};
};

/// kInvalidArgument when batch_size is not divisible by samples_per_class, or when the dataset gives no batch.
Result<std::unique_ptr<BatchSampler>> make_sampler(const ComponentChoice& choice, const SamplerContext& context);

/// Names that make_sampler knows; a test holds them against the catalogue.
std::vector<std::string> sampler_names();

}  // namespace oodml::samplers
