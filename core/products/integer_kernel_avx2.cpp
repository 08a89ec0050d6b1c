#include "core/products/integer_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>

namespace oodml::products {
namespace {

// 4 x 2 sums, two panels, one pair and its products: a third panel would not fit sixteen registers.
constexpr int kPanel = 8, kRows = 4;

/// sum += pair * other, of pairs. In assembler, as a compiler moves every sum to another register and back.
__attribute__((target("avx2"), always_inline)) inline void add_products(__m256i& sum, __m256i pair, __m256i other) {
  __m256i products;
  asm("vpmaddwd %3, %2, %1\n\tvpaddd %1, %0, %0" : "+x"(sum), "=&x"(products) : "x"(pair), "x"(other));
}

/// Sums of the first `count` of `pairs`. They are stored as they are: where more than that is done with them, a
/// compiler moves them about in the loop.
template <int panels>
__attribute__((target("avx2"), noinline)) void sum_products(const std::int32_t* rows, const std::int32_t* right,
                                                            std::int64_t count, std::int64_t pairs, __m256i* to) {
  __m256i sums[kRows][panels];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int p = 0; p < panels; ++p) sums[r][p] = _mm256_setzero_si256();
  }
#pragma GCC unroll 4
  for (std::int64_t k = 0; k < count; ++k) {
    __m256i others[panels];
#pragma GCC unroll 2
    for (int p = 0; p < panels; ++p) {
      others[p] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(right + (p * pairs + k) * kPanel));
    }
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      const __m256i pair = _mm256_set1_epi32(rows[k * kPanel + r]);
#pragma GCC unroll 2
      for (int p = 0; p < panels; ++p) add_products(sums[r][p], pair, others[p]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int p = 0; p < panels; ++p) to[r * panels + p] = sums[r][p];
  }
}

template <int panels>
__attribute__((target("avx2"))) void multiply(const std::int32_t* rows, const std::int32_t* right, std::int64_t pairs,
                                              bool add, std::int32_t* out, std::int64_t stride) {
  __m256i sums[kRows * panels];
  for (std::int64_t k = 0; k < pairs; k += kSummedPairs) {
    sum_products<panels>(rows + k * kPanel, right + k * kPanel, std::min(kSummedPairs, pairs - k), pairs, sums);
#pragma GCC unroll 24
    for (int at = 0; at < kRows * panels; ++at) {
      auto* const to = reinterpret_cast<__m256i*>(out + at / panels * stride + at % panels * kPanel);
      const __m256i halved = _mm256_srai_epi32(sums[at], kHalvings);
      _mm256_storeu_si256(to, add || k > 0 ? _mm256_add_epi32(_mm256_loadu_si256(to), halved) : halved);
    }
  }
}

}  // namespace

const IntegerKernel kAvx2IntegerKernel{
    .panel = kPanel, .rows = kRows, .most_panels = 2, .with_panels = {multiply<1>, multiply<2>}};

}  // namespace oodml::products
#endif
