#include "core/metrics/nearest_column.h"

#include <algorithm>
#include <limits>

#include "core/products/wide.h"

// Compiled with -O3 -fopenmp-simd, as same_class_ranks.cpp is.

namespace oodml::metrics {
namespace {

void distances_in_place(float* products, const float* norms, float norm, std::int64_t n) {
  for (std::int64_t j = 0; j < n; ++j) {
    const float distance = (norm + norms[j]) - 2.0f * products[j];
    products[j] = distance > 0.0f ? distance : 0.0f;
  }
}

float minimum(const float* values, std::int64_t n) {
  float smallest = std::numeric_limits<float>::infinity();
#pragma omp simd reduction(min : smallest)
  for (std::int64_t j = 0; j < n; ++j) smallest = values[j] < smallest ? values[j] : smallest;
  return smallest;
}

}  // namespace

void to_squared_distances(std::span<float> products, std::span<const float> norms, float norm) {
  products::wide<distances_in_place>(products.data(), norms.data(), norm, static_cast<std::int64_t>(products.size()));
}

std::int64_t first_minimum(std::span<const float> values) {
  const float smallest = products::wide<minimum>(values.data(), static_cast<std::int64_t>(values.size()));
  return std::find(values.begin(), values.end(), smallest) - values.begin();
}

}  // namespace oodml::metrics
