#include "core/products/micro_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace oodml::products {
namespace {

constexpr int kPanel = 16, kRows = 8;  // 8 x 3 sums, three panels and one entry: 28 of 32 registers

template <int panels>
__attribute__((target("avx512f"))) void multiply(const float* rows, const float* right, std::int64_t depth, bool add,
                                                 float* out, std::int64_t stride) {
  __m512 sums[kRows][panels];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) sums[r][p] = _mm512_setzero_ps();
  }
  for (std::int64_t k = 0; k < depth; ++k) {
    __m512 entries[panels];
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) entries[p] = _mm512_loadu_ps(right + (p * depth + k) * kPanel);
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      const __m512 entry = _mm512_set1_ps(rows[k * kPanel + r]);
#pragma GCC unroll 3
      for (int p = 0; p < panels; ++p) sums[r][p] = _mm512_fmadd_ps(entry, entries[p], sums[r][p]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) {
      float* const to = out + r * stride + p * kPanel;
      _mm512_storeu_ps(to, add ? _mm512_add_ps(_mm512_loadu_ps(to), sums[r][p]) : sums[r][p]);
    }
  }
}

}  // namespace

const MicroKernel kAvx512Kernel{.panel = kPanel, .rows = kRows, .with_panels = {multiply<1>, multiply<2>, multiply<3>}};

}  // namespace oodml::products
#endif
