#pragma once

#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// Batches that stand for a larger one. A big batch of `bigbs` is drawn as class_random draws; `ncomps` candidates are
/// taken from it, each of batch_size / samples_per_class draws of one of its classes and then of samples_per_class
/// different places of that class in it; the cheapest candidate is the batch. The costs are disthist_cost and fid_cost.
/// Source: Roth et al., ICML 2020; docs/samplers.md#batchmatch. The references' fid_batchmatch cannot be chosen
/// (quirk Q23).
Result<std::unique_ptr<BatchSampler>> make_disthist_batchmatch(const ComponentChoice& choice,
                                                               const SamplerContext& context);
Result<std::unique_ptr<BatchSampler>> make_fid_batchmatch(const ComponentChoice& choice, const SamplerContext& context);

}  // namespace oodml::samplers
