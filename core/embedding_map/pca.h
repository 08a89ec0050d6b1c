#pragma once

#include <torch/types.h>

#include <cstdint>

#include "core/base/result.h"

namespace oodml::embedding_map {

/// Principal components: the rows in the `dimensions` orthogonal directions in which they vary most, largest variance
/// first, their mean at 0. Signs are such that the largest loading of each direction is positive. rows [N, D], any
/// floating point type; gives [N, dimensions] double, as float64 arithmetic has them; zeros where the rows vary in
/// fewer directions. kInvalidArgument as of checked_rows. The same bits for any number of threads. Source: Pearson, "On
/// lines and planes of closest fit", 1901.
Result<torch::Tensor> pca(const torch::Tensor& rows, std::int64_t dimensions);

}  // namespace oodml::embedding_map
