#pragma once

#include <torch/types.h>

#include <cstdint>

#include "core/base/result.h"
#include "core/embedding_map/row_checks.h"

namespace oodml::embedding_map {

/// How far the `neighbours` nearest points of each point in the map are near in the rows, too:
///     T = 1 - 2 / (N k (2 N - 3 k - 1)) sum_i sum_j max(0, rank(i, j) - k)
/// over the k nearest j of i in the map, rank(i, j) the place of j among the rows nearest to i; equal distances in
/// order of the rows. 1 is best. rows [N, D], map [N, d] with Euclidean distances. Memory: a tile of rows x N a thread.
/// kInvalidArgument as of checked_rows, and unless 1 <= neighbours < N / 2. Source: Venna and Kaski, ICANN 2001.
Result<double> trustworthiness(const torch::Tensor& rows, const torch::Tensor& map, std::int64_t neighbours,
                               Metric metric = Metric::kEuclidean);

}  // namespace oodml::embedding_map
