#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

namespace oodml::miners {

/// Which rows of a batch share a class: [B, B] bool, the diagonal included.
torch::Tensor class_equality(const torch::Tensor& labels);

/// Same(i) = {j != i: y_j = y_i}: [B, B] bool.
torch::Tensor same_class(const torch::Tensor& labels);

/// Diff(i) = {j: y_j != y_i}: [B, B] bool.
torch::Tensor other_class(const torch::Tensor& labels);

struct Draw {
  torch::Tensor column;  ///< [R] int64; of no meaning where `found` is false
  torch::Tensor found;   ///< [R] bool: the row has a candidate
};

/// One column a row, drawn independently with probability weights_ij / sum_j weights_ij.
/// weights [R, C]: bool for a uniform choice among candidates, or floats >= 0. Uses one double of `generator`
/// a row and inverts the row's cumulative sum in double precision: a column of weight zero is never drawn.
Draw draw_per_row(const torch::Tensor& weights, const at::Generator& generator);

}  // namespace oodml::miners
