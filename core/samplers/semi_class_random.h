#pragma once

#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// batch_size / 2 times an image of the whole training set, drawn uniformly, and an image of its class, perhaps itself:
/// large classes come more often than with class_random. samples_per_class has no effect.
/// kInvalidArgument for an odd batch_size. Source: docs/samplers.md#pairs.
Result<std::unique_ptr<BatchSampler>> make_semi_class_random(const ComponentChoice& choice,
                                                             const SamplerContext& context);

/// Half the batch size: images that a sampler of pairs picks. kInvalidArgument when it is odd.
Result<std::int64_t> pairs_of_batch(const ComponentChoice& choice, const SamplerContext& context);

}  // namespace oodml::samplers
