#pragma once

#include "core/base/seeds.h"
#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// max(0, ||x_i||^2 + ||x_j||^2 - 2 x_i.x_j): [b, D] -> [b, b] double, the diagonal exactly zero.
torch::Tensor squared_distances(const torch::Tensor& x);

/// The greedy coreset that starts with row `first`: `picks` different rows in the order they are picked, picks <= b.
/// r_i starts as the norm of row i of `squared` [b, b] and falls to the squared distance to the nearest pick; each
/// pick is the row with the largest r, the lower index first. With `softened` it is drawn from those not below the
/// 97th percentile of r instead.
std::vector<std::int64_t> greedy_picks(const torch::Tensor& squared, std::int64_t first, std::int64_t picks,
                                       Random* softened = nullptr);

/// The same picks from the rows x [b, D] double themselves, the matrix of distances looked at in parts: for many rows.
std::vector<std::int64_t> greedy_picks_of_rows(const torch::Tensor& x, std::int64_t first, std::int64_t picks);

}  // namespace oodml::samplers
