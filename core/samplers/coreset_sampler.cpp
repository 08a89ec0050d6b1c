#include "core/samplers/coreset_sampler.h"

#include "core/samplers/draws.h"

namespace oodml::samplers {

Batch CoresetSampler::draw_batch(const torch::Tensor& stored, Random& random) const {
  const Batch candidates = distinct_below(context().samples(), big_batch(), random);
  const auto x = rows_of(stored, candidates, random);
  Batch batch;
  for (const std::int64_t row : coreset(x, context().batch_size / context().samples_per_class, random)) {
    batch.push_back(candidates[static_cast<std::size_t>(row)]);
  }
  append_classmates(*context().dataset, context().samples_per_class - 1, random, batch);
  return batch;
}

}  // namespace oodml::samplers
