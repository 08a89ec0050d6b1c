#pragma once

#include <torch/types.h>

namespace oodml::distances {

/// x x^T: [B, D] -> [B, B]. One product in the backward pass, where autograd's own needs two.
torch::Tensor gram_matrix(const torch::Tensor& x);

/// Rows divided by max(L2 norm, 1e-12): [N, D] -> [N, D]. A zero row stays zero and gets a finite gradient.
torch::Tensor unit_rows(const torch::Tensor& x);

/// ||a_i - b_i||^2 of rows that belong together: [T, D], [T, D] -> [T].
torch::Tensor row_squared_distances(const torch::Tensor& a, const torch::Tensor& b);

/// Added to every coordinate of a difference by the distance of docs/criteria.md#contrastive.
inline constexpr double kCoordinateShift = 1e-6;

/// ||a_i - b_i + 1e-6||, the constant added to every coordinate: [T, D], [T, D] -> [T]. Its gradient is zero
/// where the shifted difference is. Source: the pairwise distance of docs/criteria.md#contrastive.
torch::Tensor row_shifted_distances(const torch::Tensor& a, const torch::Tensor& b);

/// ||a_i - b_j + shift||, the shift added to every coordinate: [N, D], [M, D] -> [N, M]. Computed in double precision
/// from the matrix product, so that near rows keep their digits without a tensor [N, M, D]. Where the distance is zero
/// its gradient is zero too.
torch::Tensor precise_distances(const torch::Tensor& a, const torch::Tensor& b, double shift = 0.0);

/// The same between the rows of one matrix; the diagonal is exactly the length of the shift.
torch::Tensor precise_distances(const torch::Tensor& x, double shift = 0.0);

/// sqrt(max(||a_i||^2 + ||b_j||^2 - 2 a_i.b_j, squared_floor)): [N, D], [M, D] -> [N, M]. With a positive
/// floor the gradient is finite everywhere, and zero below the floor; without one, use it for values only.
torch::Tensor pairwise_distances(const torch::Tensor& a, const torch::Tensor& b, double squared_floor);

/// The same between the rows of one matrix, with an exactly zero diagonal before the floor: [B, D] -> [B, B].
torch::Tensor pairwise_distances(const torch::Tensor& x, double squared_floor);

}  // namespace oodml::distances
