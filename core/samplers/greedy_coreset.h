#pragma once

#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// Classes of a greedy coreset (coreset.h) of `bigbs` random samples, its first row drawn uniformly; see
/// CoresetSampler. Source: Roth et al., ICML 2020; docs/samplers.md#coresets.
Result<std::unique_ptr<BatchSampler>> make_greedy_coreset(const ComponentChoice& choice, const SamplerContext& context);

}  // namespace oodml::samplers
