#pragma once

#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// All but the last image of a batch: a class drawn uniformly, then an image of it, both with replacement. The last:
/// an image of the class of one drawn from the batch so far, perhaps itself, so that a batch has a positive pair.
/// "full" in the references. Source: Roth et al., ICML 2020; docs/samplers.md#random.
Result<std::unique_ptr<BatchSampler>> make_random(const ComponentChoice& choice, const SamplerContext& context);

}  // namespace oodml::samplers
