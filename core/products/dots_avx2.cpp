#include "core/products/dots.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <cmath>

#define OODML_AVX2 __attribute__((target("avx2,fma")))

namespace oodml::products {
namespace {

constexpr int kAtOnce = 4;  // products, of two sums each

OODML_AVX2 inline float sum_of_lanes(__m256 lanes) {
  __m128 sum = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
  sum = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
  return _mm_cvtss_f32(_mm_add_ss(sum, _mm_movehdup_ps(sum)));
}

/// Of a row that is wanted soon: the processor foresees the rest of it.
inline void fetch_start(const float* row, std::int64_t dim) {
  for (std::int64_t d = 0; d < std::min<std::int64_t>(dim, 128); d += 16) __builtin_prefetch(row + d);
}

template <int many>
OODML_AVX2 inline void dots_of(const float* row, const float* const* others, std::int64_t dim, float* products) {
  __m256 sums[many];
#pragma GCC unroll 4
  for (int i = 0; i < many; ++i) sums[i] = _mm256_setzero_ps();
  const std::int64_t whole = dim / 16 * 16;
  for (std::int64_t from = 0; from < whole; from += kDotDepth) {
    __m256 some[many][2];
#pragma GCC unroll 4
    for (int i = 0; i < many; ++i) some[i][0] = some[i][1] = _mm256_setzero_ps();
    for (std::int64_t d = from; d < std::min(from + kDotDepth, whole); d += 16) {
      const __m256 first = _mm256_loadu_ps(row + d), second = _mm256_loadu_ps(row + d + 8);
#pragma GCC unroll 4
      for (int i = 0; i < many; ++i) {
        some[i][0] = _mm256_fmadd_ps(first, _mm256_loadu_ps(others[i] + d), some[i][0]);
        some[i][1] = _mm256_fmadd_ps(second, _mm256_loadu_ps(others[i] + d + 8), some[i][1]);
      }
    }
#pragma GCC unroll 4
    for (int i = 0; i < many; ++i) sums[i] = _mm256_add_ps(sums[i], _mm256_add_ps(some[i][0], some[i][1]));
  }
#pragma GCC unroll 4
  for (int i = 0; i < many; ++i) {
    float sum = sum_of_lanes(sums[i]);
    for (std::int64_t d = whole; d < dim; ++d) sum = std::fma(row[d], others[i][d], sum);
    products[i] = sum;
  }
}

/// Of the last `count` ones, at most `many`.
template <int many>
OODML_AVX2 inline void dots_of_last(const float* row, const float* const* others, std::int64_t count, std::int64_t dim,
                                    float* products) {
  if constexpr (many > 0) {
    if (count == many) return dots_of<many>(row, others, dim, products);
    dots_of_last<many - 1>(row, others, count, dim, products);
  }
}

OODML_AVX2 void find(const float* row, const float* rows, const std::uint32_t* chosen, std::int64_t count,
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

const Dots kAvx2Dots = find;

}  // namespace oodml::products
#undef OODML_AVX2
#endif
