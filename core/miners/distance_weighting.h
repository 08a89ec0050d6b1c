#pragma once

#include <torch/types.h>

#include <cstdint>

namespace oodml::miners {

/// Weights W_ij of drawing j as the negative of i, inversely to the density of distances between random points
/// of the unit sphere in `dimension` dimensions: P(n = j | i) = W_ij / sum_j W_ij, zero outside `candidates`.
/// distances [B, B] Euclidean, clamped here to [lower_cutoff, 2 - 1e-4]; candidates [B, B] bool. Gives [B, B] of
/// the type of `distances`; a row without candidates is zero.
/// Source: Wu et al., ICCV 2017, Sec. 4; docs/miners.md#distance-weighting. There is no upper cut-off, as in the
/// references (quirk Q21).
torch::Tensor distance_weights(const torch::Tensor& distances, const torch::Tensor& candidates, std::int64_t dimension,
                               double lower_cutoff);

}  // namespace oodml::miners
