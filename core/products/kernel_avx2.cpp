#include "core/products/micro_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace oodml::products {
namespace {

constexpr int kPanel = 8, kRows = 4;  // 4 x 3 sums, three panels and one entry: all sixteen registers

template <int panels>
__attribute__((target("avx2,fma"))) void multiply(const float* rows, const float* right, std::int64_t depth, bool add,
                                                  float* out, std::int64_t stride) {
  __m256 sums[kRows][panels];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) sums[r][p] = _mm256_setzero_ps();
  }
  for (std::int64_t k = 0; k < depth; ++k) {
    __m256 entries[panels];
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) entries[p] = _mm256_loadu_ps(right + (p * depth + k) * kPanel);
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      const __m256 entry = _mm256_set1_ps(rows[k * kPanel + r]);
#pragma GCC unroll 3
      for (int p = 0; p < panels; ++p) sums[r][p] = _mm256_fmadd_ps(entry, entries[p], sums[r][p]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) {
      float* const to = out + r * stride + p * kPanel;
      _mm256_storeu_ps(to, add ? _mm256_add_ps(_mm256_loadu_ps(to), sums[r][p]) : sums[r][p]);
    }
  }
}

}  // namespace

const MicroKernel kAvx2Kernel{.panel = kPanel, .rows = kRows, .with_panels = {multiply<1>, multiply<2>, multiply<3>}};

}  // namespace oodml::products
#endif
