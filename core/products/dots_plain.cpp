#include "core/products/dots.h"

#include <algorithm>

namespace oodml::products {
namespace {

constexpr std::int64_t kLanes = 16;

float dot(const float* a, const float* b, std::int64_t dim) {
  float lanes[kLanes] = {};
  const std::int64_t whole = dim / kLanes * kLanes;
  for (std::int64_t from = 0; from < whole; from += kDotDepth) {
    float some[kLanes] = {};
    for (std::int64_t d = from; d < std::min(from + kDotDepth, whole); d += kLanes) {
      for (std::int64_t l = 0; l < kLanes; ++l) some[l] += a[d + l] * b[d + l];
    }
    for (std::int64_t l = 0; l < kLanes; ++l) lanes[l] += some[l];
  }
  for (std::int64_t half = kLanes / 2; half > 0; half /= 2) {
    for (std::int64_t l = 0; l < half; ++l) lanes[l] += lanes[l + half];
  }
  float sum = lanes[0];
  for (std::int64_t d = whole; d < dim; ++d) sum += a[d] * b[d];
  return sum;
}

void find(const float* row, const float* rows, const std::uint32_t* chosen, std::int64_t count, std::int64_t dim,
          float* products) {
  for (std::int64_t i = 0; i < count; ++i) products[i] = dot(row, rows + chosen[i] * dim, dim);
}

}  // namespace

const Dots kPlainDots = find;

}  // namespace oodml::products
