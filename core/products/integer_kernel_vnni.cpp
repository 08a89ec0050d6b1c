#include "core/products/integer_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>

namespace oodml::products {
namespace {

constexpr int kPanel = 16, kRows = 8;  // 8 x 3 sums, three panels and one pair: 28 of 32 registers
constexpr __mmask16 kAll = 0xffff;     // GCC warns of its own header where a shift has no mask

/// Sums of the first `count` of `pairs`. They are stored as they are: where more than that is done with them, a
/// compiler moves them about in the loop.
template <int panels>
__attribute__((target("avx512f,avx512vnni"), noinline)) void sum_products(const std::int32_t* rows,
                                                                          const std::int32_t* right, std::int64_t count,
                                                                          std::int64_t pairs, __m512i* to) {
  __m512i sums[kRows][panels];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) sums[r][p] = _mm512_setzero_si512();
  }
  for (std::int64_t k = 0; k < count; ++k) {
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
    for (int p = 0; p < panels; ++p) to[r * panels + p] = sums[r][p];
  }
}

template <int panels>
__attribute__((target("avx512f,avx512vnni"))) void multiply(const std::int32_t* rows, const std::int32_t* right,
                                                            std::int64_t pairs, bool add, std::int32_t* out,
                                                            std::int64_t stride) {
  __m512i sums[kRows * panels];
  for (std::int64_t k = 0; k < pairs; k += kSummedPairs) {
    sum_products<panels>(rows + k * kPanel, right + k * kPanel, std::min(kSummedPairs, pairs - k), pairs, sums);
#pragma GCC unroll 24
    for (int at = 0; at < kRows * panels; ++at) {
      auto* const to = reinterpret_cast<__m512i*>(out + at / panels * stride + at % panels * kPanel);
      const __m512i halved = _mm512_maskz_srai_epi32(kAll, sums[at], kHalvings);
      _mm512_storeu_si512(to, add || k > 0 ? _mm512_add_epi32(_mm512_loadu_si512(to), halved) : halved);
    }
  }
}

}  // namespace

const IntegerKernel kVnniIntegerKernel{
    .panel = kPanel, .rows = kRows, .most_panels = 3, .with_panels = {multiply<1>, multiply<2>, multiply<3>}};

}  // namespace oodml::products
#endif
