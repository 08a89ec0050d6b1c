#pragma once

#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// batch_size / samples_per_class classes, drawn with replacement, and of each a greedy coreset (coreset.h) of
/// samples_per_class of its images, the first drawn uniformly. At most `bigbs` images of a class, drawn at random, are
/// looked at; a class with too few images fills its place with images drawn with replacement.
/// Source: docs/samplers.md#coresets.
Result<std::unique_ptr<BatchSampler>> make_greedy_class_coreset(const ComponentChoice& choice,
                                                                const SamplerContext& context);

/// A greedy coreset of batch_size / 2 images, its first drawn uniformly, out of the share `primary_subset_perc` of the
/// training set, drawn anew for each batch; then an image of the class of each, drawn with replacement.
/// samples_per_class has no effect. kInvalidArgument for an odd batch_size, or a share that is too small for it.
/// Source: docs/samplers.md#coresets.
Result<std::unique_ptr<BatchSampler>> make_greedy_semi_class_coreset(const ComponentChoice& choice,
                                                                     const SamplerContext& context);

}  // namespace oodml::samplers
