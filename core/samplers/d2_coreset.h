#pragma once

#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// Classes of a coreset of `bigbs` random samples, drawn row by row far from those already drawn and where the
/// embeddings are dense (d2_weights.h); see CoresetSampler.
/// Source: Roth et al., ICML 2020; docs/samplers.md#coresets.
Result<std::unique_ptr<BatchSampler>> make_d2_coreset(const ComponentChoice& choice, const SamplerContext& context);

}  // namespace oodml::samplers
