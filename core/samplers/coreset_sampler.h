#pragma once

#include "core/samplers/stored_sampler.h"

namespace oodml::samplers {

/// What the two coreset samplers share: from different samples, drawn uniformly, a coreset of one row for each class
/// draw of the batch; then, for each pick in order, images of its class, drawn with replacement. The classes are those
/// of the picks (the references lose the connection, quirk Q25).
class CoresetSampler : public StoredSampler {
 public:
  using StoredSampler::StoredSampler;

 protected:
  /// `picks` different rows of x [b, D] double.
  virtual std::vector<std::int64_t> coreset(const torch::Tensor& x, std::int64_t picks, Random& random) const = 0;

 private:
  Batch draw_batch(const torch::Tensor& stored, Random& random) const final;
};

}  // namespace oodml::samplers
