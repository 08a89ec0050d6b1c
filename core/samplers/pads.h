#pragma once

#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// The batches of PADS; the triplets in them are core/pads's. samples_per_class images, with replacement, of a class
/// that is none of the last two, and so on: class_random with exclude_last 2.
///
/// In paper mode as the published loader has it (quirk T22): the images of a batch come from eight workers in turn, and
/// a shuffled list of the image numbers is all the chance there is. A number i that begins a worker's epoch fixes its
/// first class (i mod C); after samples_per_class images the next class is the (i mod n')-th of the others; an image is
/// the (i mod n_c)-th of its class.
/// Source: the code of Roth et al., CVPR 2020; docs/samplers.md#pads.
Result<std::unique_ptr<BatchSampler>> make_pads(const ComponentChoice& choice, const SamplerContext& context);

}  // namespace oodml::samplers
