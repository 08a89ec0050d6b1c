#pragma once

#include <torch/types.h>

#include <vector>

namespace oodml::metrics {

/// The min(N, D) singular values of rows [N, D], not centred, descending; in double precision on the CPU: of many rows
/// the roots of the eigenvalues of their Gram matrix where these are exact to ten digits, else by QR decompositions of
/// blocks of rows, which form no product of the rows with themselves. Little memory. The number of threads does not
/// change a bit.
std::vector<double> singular_values(const torch::Tensor& rows);

}  // namespace oodml::metrics
