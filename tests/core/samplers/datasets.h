#pragma once

#include <memory>
#include <vector>

#include "core/samplers/batch_sampler.h"
#include "tests/core/catalogue/default_choice.h"

namespace oodml::testing {

/// Class i has `sizes[i]` images.
std::shared_ptr<const data::Dataset> dataset_of(const std::vector<std::int64_t>& sizes);

/// Of a trial with seed 42.
samplers::SamplerContext context_of(std::shared_ptr<const data::Dataset> dataset, std::int64_t batch_size,
                                    std::int64_t samples_per_class, std::int64_t steps = 0);

std::int64_t label_of(const data::Dataset& dataset, std::int64_t position);

/// The eight points of docs/check_vectors.md#metrics-set: [8, 3] double, unit rows.
torch::Tensor points_on_a_circle();

}  // namespace oodml::testing
