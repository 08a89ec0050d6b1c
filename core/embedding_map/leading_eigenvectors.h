#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>

namespace oodml::embedding_map {

/// v [n] double -> A v of a symmetric matrix A.
using Apply = std::function<torch::Tensor(const torch::Tensor& v)>;

struct LanczosOptions {
  double tolerance = 1e-10;        ///< Of the residual ||A v - lambda v||, as a share of the largest |lambda|.
  std::int64_t most_steps = 1000;  ///< The best that is found by then is taken; n steps always find all.
};

/// The `wanted` eigenvectors of the largest eigenvalues, [wanted, n] double of unit length, the largest first,
/// orthogonal to `known` [n], a unit eigenvector that is left out; known undefined: none is. Where the space has fewer,
/// rows of zeros follow. Lanczos iteration with full orthogonalisation from a fixed start, so that the result depends
/// on the matrix alone. Call on one thread (fixed_parts.h) for the same bits for any number of threads. Source: Golub
/// and Van Loan, "Matrix Computations", 4th ed., Sec. 10.3.
torch::Tensor leading_eigenvectors(std::int64_t n, std::int64_t wanted, const Apply& apply, const torch::Tensor& known,
                                   const LanczosOptions& options);

}  // namespace oodml::embedding_map
