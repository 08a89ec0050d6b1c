#include <bit>

#include "core/metrics/same_class_ranks.h"
#include "core/products/wide.h"

// Compiled with -O3 -fopenmp-simd, as key_counts.cpp is.

namespace oodml::metrics {
namespace {

void euclidean_row(const float* products, const float* norms, float norm, Key* keys, std::int64_t n) {
  for (std::int64_t j = 0; j < n; ++j) {
    const float distance = (norm + norms[j]) - 2.0f * products[j];
    keys[j] = std::bit_cast<Key>(distance > 0.0f ? distance : 0.0f);  // the bits of floats >= 0 order as they do
  }
}

void cosine_row(const float* products, const float* inverse_norms, float inverse_norm, Key* keys, std::int64_t n) {
  constexpr Key kOfZero = 0x40000000;  // the bits of 2, above those of every |cosine|
  for (std::int64_t j = 0; j < n; ++j) {
    const auto bits = std::bit_cast<Key>(products[j] * inverse_norms[j] * inverse_norm);
    const Key magnitude = bits & 0x7fffffff;
    keys[j] = bits < 0 ? kOfZero + magnitude : kOfZero - magnitude;
  }
}

void moved_cosine_row(const float* products, const float* offsets, const float* inverse_norms, float offset,
                      float inverse_norm, Key* keys, std::int64_t n) {
  for (std::int64_t j = 0; j < n; ++j) {
    const float cosine = (products[j] + (offset + offsets[j])) * (inverse_norms[j] * inverse_norm);
    const float distance = 1.0f - cosine;
    keys[j] = std::bit_cast<Key>(distance > 0.0f ? distance : 0.0f);
  }
}

}  // namespace

void euclidean_keys(std::span<const float> products, std::span<const float> norms, float norm, std::span<Key> keys) {
  products::wide<euclidean_row>(products.data(), norms.data(), norm, keys.data(),
                                static_cast<std::int64_t>(keys.size()));
}

void cosine_keys(std::span<const float> products, std::span<const float> inverse_norms, float inverse_norm,
                 std::span<Key> keys) {
  products::wide<cosine_row>(products.data(), inverse_norms.data(), inverse_norm, keys.data(),
                             static_cast<std::int64_t>(keys.size()));
}

void moved_cosine_keys(std::span<const float> products, const MovedCosines& of, std::span<Key> keys) {
  products::wide<moved_cosine_row>(products.data(), of.offsets.data(), of.inverse_norms.data(), of.offset,
                                   of.inverse_norm, keys.data(), static_cast<std::int64_t>(keys.size()));
}

}  // namespace oodml::metrics
