#pragma once

#include <torch/types.h>

namespace oodml::samplers {

/// The Fréchet distance between the Gaussian of a big batch and that of each candidate taken from it, with unbiased
/// covariances C and C': ||mu - mu'||^2 + tr C + tr C' - 2 tr sqrtm((C + 1e-8)(C' + 1e-8)).
/// x [b, D], candidates [K, n] int64 rows of x -> [K] double. Source: docs/samplers.md#batchmatch.
torch::Tensor fid_cost(const torch::Tensor& x, const torch::Tensor& candidates);

// Two ways to the last trace; fid_cost takes the first up to 128 dimensions and the second above.

/// From the eigenvalues of sqrt(C) C' sqrt(C): [K].
torch::Tensor root_trace_by_covariance(const torch::Tensor& x, const torch::Tensor& candidates);
/// From the inner products of the rows, without the 1e-8: C C' has the eigenvalues of an n x n matrix and zeros, so a
/// candidate costs the same in any number of dimensions. [K].
torch::Tensor root_trace_by_rows(const torch::Tensor& x, const torch::Tensor& candidates);

}  // namespace oodml::samplers
