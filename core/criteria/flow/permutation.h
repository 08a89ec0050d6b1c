#pragma once

#include <torch/types.h>

#include <cstdint>

namespace oodml::criteria {

/// The permutation of {0, ..., size - 1} that NumPy's legacy generator gives after seed(seed): [size] int64, on the
/// CPU. A 32-bit Mersenne Twister and a shuffle that draws by masking and rejection, so it is the same everywhere.
/// Source: docs/criteria.md#nir.
torch::Tensor seeded_permutation(std::uint32_t seed, std::int64_t size);

}  // namespace oodml::criteria
