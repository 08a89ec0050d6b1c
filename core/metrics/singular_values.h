#pragma once

#include <torch/types.h>

#include <vector>

namespace oodml::metrics {

/// The min(N, D) singular values of rows [N, D], not centred, descending; in double precision, by a QR decomposition of
/// blocks of rows, so that memory stays D x D and small values are as exact as the rows are (no product of the rows with
/// themselves is formed).
std::vector<double> singular_values(const torch::Tensor& rows);

}  // namespace oodml::metrics
