#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace oodml::metrics {

/// For every row the centroid of the largest cosine, the first of equal ones. rows [N, D] of unit length, on any
/// device; centroids [k, D] on the CPU. Source: docs/metrics.md#clusters (quirk Q26, corrected).
std::vector<std::int64_t> cosine_assignment(const torch::Tensor& rows, const torch::Tensor& centroids);

}  // namespace oodml::metrics
