#include "core/products/dots.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <cmath>

#define OODML_AVX512 __attribute__((target("avx512f,fma")))

namespace oodml::products {
namespace {

constexpr int kAtOnce = 8;  // products, a sum each

/// Of a row that is wanted soon: the processor foresees the rest of it.
inline void fetch_start(const float* row, std::int64_t dim) {
  for (std::int64_t d = 0; d < std::min<std::int64_t>(dim, 128); d += 16) __builtin_prefetch(row + d);
}

template <int many>
OODML_AVX512 inline void dots_of(const float* row, const float* const* others, std::int64_t dim, float* products) {
  __m512 sums[many];
#pragma GCC unroll 8
  for (int i = 0; i < many; ++i) sums[i] = _mm512_setzero_ps();
  const std::int64_t whole = dim / 16 * 16;
  for (std::int64_t from = 0; from < whole; from += kDotDepth) {
    __m512 some[many];
#pragma GCC unroll 8
    for (int i = 0; i < many; ++i) some[i] = _mm512_setzero_ps();
    for (std::int64_t d = from; d < std::min(from + kDotDepth, whole); d += 16) {
      const __m512 entries = _mm512_loadu_ps(row + d);
#pragma GCC unroll 8
      for (int i = 0; i < many; ++i) some[i] = _mm512_fmadd_ps(entries, _mm512_loadu_ps(others[i] + d), some[i]);
    }
#pragma GCC unroll 8
    for (int i = 0; i < many; ++i) sums[i] = _mm512_add_ps(sums[i], some[i]);
  }
#pragma GCC unroll 8
  for (int i = 0; i < many; ++i) {
    alignas(64) float lanes[16];
    _mm512_store_ps(lanes, sums[i]);
    for (int half = 8; half > 0; half /= 2) {
      for (int l = 0; l < half; ++l) lanes[l] += lanes[l + half];
    }
    float sum = lanes[0];
    for (std::int64_t d = whole; d < dim; ++d) sum = std::fma(row[d], others[i][d], sum);
    products[i] = sum;
  }
}

/// Of the last `count` ones, at most `many`.
template <int many>
OODML_AVX512 inline void dots_of_last(const float* row, const float* const* others, std::int64_t count,
                                      std::int64_t dim, float* products) {
  if constexpr (many > 0) {
    if (count == many) return dots_of<many>(row, others, dim, products);
    dots_of_last<many - 1>(row, others, count, dim, products);
  }
}

OODML_AVX512 void find(const float* row, const float* rows, const std::uint32_t* chosen, std::int64_t count,
                       std::int64_t dim, float* products) {
  for (std::int64_t at = 0; at < count; at += kAtOnce) {
    const float* others[kAtOnce];
    const std::int64_t some = std::min<std::int64_t>(kAtOnce, count - at);
    for (std::int64_t i = 0; i < some; ++i) others[i] = rows + chosen[at + i] * dim;
    for (std::int64_t next = at + kAtOnce; next < std::min(at + 2 * kAtOnce, count); ++next) {
      fetch_start(rows + chosen[next] * dim, dim);
    }
    dots_of_last<kAtOnce>(row, others, some, dim, products + at);
  }
}

}  // namespace

const Dots kAvx512Dots = find;

}  // namespace oodml::products
#undef OODML_AVX512
#endif
