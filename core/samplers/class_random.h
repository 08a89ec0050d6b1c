#pragma once

#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

struct ClassRandomOptions {
  double internal_split = 1.0;    ///< Share of the classes, and of the draws, that come first; 1 is off.
  bool ssl_set = false;           ///< Half the draws, the index list then repeated once.
  std::int64_t exclude_last = 0;  ///< A class is none of so many drawn before it, over the whole epoch.
};

/// Draws batch_size / samples_per_class classes with replacement, then samples_per_class images of each with
/// replacement: a class or an image may come twice in a batch, as in the references (quirk K).
///
/// With internal_split r != 1, floor(draws * r) draws come from the first floor(C * r) classes and the others from
/// the rest, in that order; exclude_last then counts in each part alone. With ssl_set floor(draws / 2) classes are
/// drawn, so an odd number makes batches smaller. Source: Roth et al., ICML 2020, and the ooDML study, NeurIPS 2021.
Result<std::unique_ptr<BatchSampler>> make_class_random(const ComponentChoice& choice, const SamplerContext& context);

/// The same with these options.
Result<std::unique_ptr<BatchSampler>> make_class_random(const ClassRandomOptions& options,
                                                        const SamplerContext& context);

}  // namespace oodml::samplers
