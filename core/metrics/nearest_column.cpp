#include "core/metrics/nearest_column.h"

#include <algorithm>
#include <limits>

#include "core/metrics/wide.h"

// Compiled with -O3 -fopenmp-simd, as same_class_ranks.cpp is.

namespace oodml::metrics {
namespace {

OODML_WIDE void distances_in_place(float* products, const float* norms, float norm, std::int64_t n) {
  for (std::int64_t j = 0; j < n; ++j) {
    const float distance = (norm + norms[j]) - 2.0f * products[j];
    products[j] = distance > 0.0f ? distance : 0.0f;
  }
}

OODML_WIDE float minimum(const float* values, std::int64_t n) {
  float smallest = std::numeric_limits<float>::infinity();
#pragma omp simd reduction(min : smallest)
  for (std::int64_t j = 0; j < n; ++j) smallest = values[j] < smallest ? values[j] : smallest;
  return smallest;
}

OODML_WIDE float least_in_place(float* products, const float* squares, const float* norms, float error, float norm,
                                std::int64_t n) {
  float smallest = std::numeric_limits<float>::infinity();
#pragma omp simd reduction(min : smallest)
  for (std::int64_t j = 0; j < n; ++j) {
    const float distance = (norm * norm + squares[j]) - 2.0f * products[j];
    const float off = error * (norm + norms[j]) * (norm + norms[j]);
    products[j] = distance - off;
    smallest = distance + off < smallest ? distance + off : smallest;
  }
  return smallest;
}

OODML_WIDE bool any_up_to(const float* values, float last, std::int64_t n) {
  std::int32_t found = 0;
#pragma omp simd reduction(+ : found)
  for (std::int64_t j = 0; j < n; ++j) found += values[j] <= last;
  return found > 0;
}

}  // namespace

void to_squared_distances(std::span<float> products, std::span<const float> norms, float norm) {
  distances_in_place(products.data(), norms.data(), norm, static_cast<std::int64_t>(products.size()));
}

std::int64_t first_minimum(std::span<const float> values) {
  const float smallest = minimum(values.data(), static_cast<std::int64_t>(values.size()));
  return std::find(values.begin(), values.end(), smallest) - values.begin();
}

float to_least_distances(std::span<float> products, const ScreenedColumns& columns, float norm) {
  return least_in_place(products.data(), columns.squares.data(), columns.norms.data(), columns.error, norm,
                        static_cast<std::int64_t>(products.size()));
}

void append_up_to(std::span<const float> values, float last, std::vector<std::int64_t>& positions) {
  constexpr std::size_t kBlock = 64;
  for (std::size_t begin = 0; begin < values.size(); begin += kBlock) {
    const auto block = values.subspan(begin, std::min(kBlock, values.size() - begin));
    if (!any_up_to(block.data(), last, static_cast<std::int64_t>(block.size()))) continue;
    for (std::size_t j = 0; j < block.size(); ++j) {
      if (block[j] <= last) positions.push_back(static_cast<std::int64_t>(begin + j));
    }
  }
}

}  // namespace oodml::metrics
