#pragma once

#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// Probabilities of each row of x [b, D] double as the partner of row `anchor` among those that are `free` [b] bool:
/// [b] double. The distance weighting of the miners on the *squared* distances, clipped from below at 0.5, as the
/// reference has it: far rows are likelier than under distances. The anchor is not free; at least one row is.
torch::Tensor infobatch_partners(const torch::Tensor& x, std::int64_t anchor, const torch::Tensor& free);

/// Of `bigbs` random samples pairs until batch_size / 2 are taken, each sample once: one drawn uniformly, its partner
/// by infobatch_partners. Then an image of the class of each, drawn with replacement. samples_per_class has no effect.
/// kInvalidArgument for an odd batch_size. Source: docs/samplers.md#pairs.
Result<std::unique_ptr<BatchSampler>> make_presampled_infobatch(const ComponentChoice& choice,
                                                                const SamplerContext& context);

}  // namespace oodml::samplers
