#include "core/images/level_values.h"

#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace oodml::images {
namespace {

bool has_multiply_add() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

}  // namespace

LevelValues::LevelValues(const Normalisation& normalisation) : by_products_(has_multiply_add()) {
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const float mean = normalisation.mean[channel], std = normalisation.std[channel], inverse = 1.0F / std;
    products_[channel] = {mean, inverse, static_cast<float>(1.0 / static_cast<double>(std) - inverse)};
    for (std::size_t level = 0; level < 256; ++level) {
      const auto number = static_cast<float>(level);
      values_[channel][level] = (number / 255.0F - mean) / std;
      by_products_ = by_products_ && by_products(number, products_[channel]) == values_[channel][level];
    }
  }
}

float LevelValues::by_products(float level, const Products& products) {
  const float centred = std::fma(level, kInverse, level * kInverseRest) - products.mean;
  return std::fma(centred, products.inverse, centred * products.inverse_rest);
}

#if defined(__x86_64__)

/// Eight pixels at a time, as far as whole registers can be read; returns how many pixels were done.
[[gnu::target("avx2,fma")]] std::int64_t LevelValues::write_eights(const std::uint8_t* pixels, const std::uint8_t* end,
                                                                   std::int64_t width, bool flip,
                                                                   const std::array<float*, 3>& planes) const {
  constexpr char kNone = -1;
  const __m256i in_order = _mm256_broadcastsi128_si256(  // the red level of each of four pixels as a 32-bit integer
      _mm_setr_epi8(0, kNone, kNone, kNone, 3, kNone, kNone, kNone, 6, kNone, kNone, kNone, 9, kNone, kNone, kNone));
  const __m256i reversed = _mm256_shuffle_epi32(in_order, 0b00'01'10'11);
  const __m256i order = flip ? reversed : in_order;
  std::int64_t x = 0;
  for (; x + 8 <= width; x += 8) {
    const std::uint8_t* low = pixels + 3 * (flip ? width - x - 4 : x);
    const std::uint8_t* high = low + (flip ? -12 : 12);
    if (end - (flip ? low : high) < 16) break;
    const __m256i eight =
        _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(low))),
                                _mm_loadu_si128(reinterpret_cast<const __m128i*>(high)), 1);
#pragma GCC unroll 3
    for (int channel = 0; channel < 3; ++channel) {
      const auto i = static_cast<std::size_t>(channel);
      const __m256i places = _mm256_add_epi32(order, _mm256_set1_epi32(channel));
      const __m256 level = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(eight, places));
      const __m256 share =
          _mm256_fmadd_ps(level, _mm256_set1_ps(kInverse), _mm256_mul_ps(level, _mm256_set1_ps(kInverseRest)));
      const __m256 centred = _mm256_sub_ps(share, _mm256_set1_ps(products_[i].mean));
      const __m256 value = _mm256_fmadd_ps(centred, _mm256_set1_ps(products_[i].inverse),
                                           _mm256_mul_ps(centred, _mm256_set1_ps(products_[i].inverse_rest)));
      _mm256_storeu_ps(planes[i] + x, value);
    }
  }
  return x;
}

#else

std::int64_t LevelValues::write_eights(const std::uint8_t*, const std::uint8_t*, std::int64_t, bool,
                                       const std::array<float*, 3>&) const {
  return 0;
}

#endif

void LevelValues::write_row(const std::uint8_t* pixels, const std::uint8_t* end, std::int64_t width, bool flip,
                            float* red, float* green, float* blue) const {
  std::int64_t x = by_products_ ? write_eights(pixels, end, width, flip, {red, green, blue}) : 0;
  for (; x < width; ++x) {
    const std::uint8_t* pixel = pixels + 3 * (flip ? width - 1 - x : x);
    red[x] = values_[0][pixel[0]];
    green[x] = values_[1][pixel[1]];
    blue[x] = values_[2][pixel[2]];
  }
}

}  // namespace oodml::images
