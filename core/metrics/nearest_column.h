#pragma once

#include <cstdint>
#include <span>

namespace oodml::metrics {

/// products[j] = x.y_j becomes max((norm + norms[j]) - 2 products[j], 0): squared Euclidean distances, rounded in the
/// order in which FAISS rounds them.
void to_squared_distances(std::span<float> products, std::span<const float> norms, float norm);

/// Position of the smallest value, the first of equal ones; `values` is not empty and holds no NaN.
std::int64_t first_minimum(std::span<const float> values);

}  // namespace oodml::metrics
