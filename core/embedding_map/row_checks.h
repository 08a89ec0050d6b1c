#pragma once

#include <torch/types.h>

#include <string_view>

#include "core/base/result.h"

namespace oodml::embedding_map {

enum class Metric { kEuclidean, kCosine };

/// rows as [N, D] double on the CPU: for Euclidean distances their mean taken off, which changes none; for cosines each
/// of length 1, so that 1 - cos is half the squared distance. kInvalidArgument, beginning with `what`, for rows that
/// are no matrix of floating point numbers, none at all, one that is not finite or beyond 1e150, or by cosine one of
/// zeros.
Result<torch::Tensor> checked_rows(const torch::Tensor& rows, Metric metric, std::string_view what);

}  // namespace oodml::embedding_map
