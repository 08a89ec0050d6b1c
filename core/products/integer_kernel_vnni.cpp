#include "core/products/integer_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace oodml::products {
namespace {

constexpr int kPanel = 16, kRows = 8;  // 8 x 3 sums, three panels and one pair: 28 of 32 registers

template <int panels>
__attribute__((target("avx512f,avx512vnni"))) void multiply(const std::int32_t* rows, const std::int32_t* right,
                                                            std::int64_t pairs, bool add, std::int32_t* out,
                                                            std::int64_t stride) {
  __m512i sums[kRows][panels];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) sums[r][p] = _mm512_setzero_si512();
  }
  for (std::int64_t k = 0; k < pairs; ++k) {
    __m512i others[panels];
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) others[p] = _mm512_loadu_si512(right + (p * pairs + k) * kPanel);
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      const __m512i pair = _mm512_set1_epi32(rows[k * kPanel + r]);
#pragma GCC unroll 3
      for (int p = 0; p < panels; ++p) sums[r][p] = _mm512_dpwssd_epi32(sums[r][p], pair, others[p]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) {
      std::int32_t* const to = out + r * stride + p * kPanel;
      _mm512_storeu_si512(to, add ? _mm512_add_epi32(_mm512_loadu_si512(to), sums[r][p]) : sums[r][p]);
    }
  }
}

}  // namespace

const IntegerKernel kVnniIntegerKernel{
    .panel = kPanel, .rows = kRows, .most_panels = 3, .with_panels = {multiply<1>, multiply<2>, multiply<3>}};

}  // namespace oodml::products
#endif
