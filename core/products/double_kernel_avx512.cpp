#include "core/products/double_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace oodml::products {
namespace {

constexpr int kPanel = 8;            // 8 x 3 sums, three panels and one entry: 28 of 32 registers
constexpr std::int64_t kAhead = 16;  // rows: they lie too far apart for the processor to see what comes next

template <int panels>
__attribute__((target("avx512f"))) void add(const double* left, const double* right, std::int64_t depth, double* out,
                                            std::int64_t stride) {
  __m512d sums[kPanel][panels];
#pragma GCC unroll 8
  for (int r = 0; r < kPanel; ++r) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) sums[r][p] = _mm512_setzero_pd();
  }
  for (std::int64_t k = 0; k < depth; ++k) {
    __m512d entries[panels];
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) entries[p] = _mm512_loadu_pd(right + (p * depth + k) * kPanel);
#pragma GCC unroll 8
    for (int r = 0; r < kPanel; ++r) {
      const __m512d entry = _mm512_set1_pd(left[k * kPanel + r]);
#pragma GCC unroll 3
      for (int p = 0; p < panels; ++p) sums[r][p] = _mm512_fmadd_pd(entry, entries[p], sums[r][p]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < kPanel; ++r) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) {
      double* const to = out + r * stride + p * kPanel;
      _mm512_storeu_pd(to, _mm512_add_pd(_mm512_loadu_pd(to), sums[r][p]));
    }
  }
}

__attribute__((target("avx512f"))) void pack_floats(const float* from, std::int64_t stride, std::int64_t count,
                                                    double* to) {
  for (std::int64_t k = 0; k < count; ++k, from += stride, to += kPanel) {
    _mm_prefetch(reinterpret_cast<const char*>(from + kAhead * stride), _MM_HINT_T0);
    _mm512_storeu_pd(to, _mm512_maskz_cvtps_pd(0xff, _mm256_loadu_ps(from)));
  }
}

__attribute__((target("avx512f"))) void pack_doubles(const double* from, std::int64_t stride, std::int64_t count,
                                                     double* to) {
  for (std::int64_t k = 0; k < count; ++k, from += stride, to += kPanel) _mm512_storeu_pd(to, _mm512_loadu_pd(from));
}

__attribute__((target("avx512f"))) double sum_of(__m512d values) {
  const __m256d half =
      _mm256_add_pd(_mm512_maskz_extractf64x4_pd(0xff, values, 0), _mm512_maskz_extractf64x4_pd(0xff, values, 1));
  const __m128d quarter = _mm_add_pd(_mm256_castpd256_pd128(half), _mm256_extractf128_pd(half, 1));
  return _mm_cvtsd_f64(_mm_add_sd(quarter, _mm_unpackhi_pd(quarter, quarter)));
}

__attribute__((target("avx512f"))) void multiply_four(const double* rows, std::int64_t stride, std::int64_t count,
                                                      const double* x, const double* own, double* product,
                                                      double* sums) {
  __m512d sums_of[4], owns[4];
#pragma GCC unroll 4
  for (int r = 0; r < 4; ++r) {
    sums_of[r] = _mm512_setzero_pd();
    owns[r] = _mm512_set1_pd(own[r]);
  }
  for (std::int64_t j = 0; j < count; j += kPanel) {
    const __m512d entries = _mm512_loadu_pd(x + j);
    __m512d changed = _mm512_loadu_pd(product + j);
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) {
      const __m512d row = _mm512_loadu_pd(rows + r * stride + j);
      sums_of[r] = _mm512_fmadd_pd(row, entries, sums_of[r]);
      changed = _mm512_fmadd_pd(row, owns[r], changed);
    }
    _mm512_storeu_pd(product + j, changed);
  }
#pragma GCC unroll 4
  for (int r = 0; r < 4; ++r) sums[r] += sum_of(sums_of[r]);
}

}  // namespace

const DoubleKernel kAvx512DoubleKernel{.panel = kPanel,
                                       .with_panels = {add<1>, add<2>, add<3>},
                                       .pack_floats = pack_floats,
                                       .pack_doubles = pack_doubles,
                                       .multiply_four = multiply_four};

}  // namespace oodml::products
#endif
