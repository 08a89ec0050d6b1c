#pragma once

#include <torch/types.h>

#include <vector>

namespace oodml::metrics {

/// The min(N, D) singular values of rows [N, D], not centred, descending; in double precision on the CPU, by QR
/// decompositions of blocks of rows: little memory, and small values are as exact as the rows are, because no product
/// of the rows with themselves is formed. The number of threads does not change a bit.
std::vector<double> singular_values(const torch::Tensor& rows);

}  // namespace oodml::metrics
