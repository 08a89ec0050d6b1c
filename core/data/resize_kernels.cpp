#include "core/data/resize_kernels.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Sums of 32-bit integers: which of the two forms of a kernel ran cannot be seen in a pixel.

namespace oodml::data {
namespace {

std::uint8_t to_level(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp(sum >> kFractionBits, 0, 255)); }

void resize_row(const std::uint8_t* input, const Taps& taps, std::uint8_t* output) {
  const std::int32_t* weights = taps.weights;
  for (std::int64_t x = 0; x < taps.outputs; ++x, weights += taps.stride, output += 3) {
    const std::uint8_t* pixel = input + 3 * taps.from[x];
    std::int32_t red = kHalf, green = kHalf, blue = kHalf;
    for (std::int64_t t = 0; t < taps.count[x]; ++t, pixel += 3) {
      red += weights[t] * pixel[0];
      green += weights[t] * pixel[1];
      blue += weights[t] * pixel[2];
    }
    output[0] = to_level(red);
    output[1] = to_level(green);
    output[2] = to_level(blue);
  }
}

void mix_bytes(const std::uint8_t* rows, std::int64_t stride, const std::int32_t* weights, std::int64_t count,
               std::int64_t first, std::int64_t bytes, std::uint8_t* output) {
  for (std::int64_t i = first; i < bytes; ++i) {
    std::int32_t sum = kHalf;
    for (std::int64_t t = 0; t < count; ++t) sum += weights[t] * rows[t * stride + i];
    output[i] = to_level(sum);
  }
}

#if defined(__x86_64__)

bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2");
  return has;
}

std::int32_t four_bytes(const std::uint8_t* from) {
  std::int32_t value = 0;
  std::memcpy(&value, from, 4);
  return value;
}

void put(std::uint8_t* to, int value, bool last) { std::memcpy(to, &value, last ? 3 : 4); }

/// The pixels at two places, a 32-bit integer each of their levels; the byte behind a pixel is read along.
[[gnu::target("avx2")]] inline __m256i two_pixels(const std::uint8_t* a, const std::uint8_t* b) {
  return _mm256_cvtepu8_epi32(_mm_insert_epi32(_mm_cvtsi32_si128(four_bytes(a)), four_bytes(b), 1));
}

/// Four rows at a time, `stride` and `output_stride` apart.
[[gnu::target("avx2")]] void resize_four_rows(const std::uint8_t* input, std::int64_t stride, const Taps& taps,
                                              std::uint8_t* output, std::int64_t output_stride) {
  const std::int32_t* weights = taps.weights;
  for (std::int64_t x = 0; x < taps.outputs; ++x, weights += taps.stride, output += 3) {
    const std::uint8_t* pixel = input + 3 * taps.from[x];
    __m256i upper = _mm256_set1_epi32(kHalf), lower = upper;
    for (std::int64_t t = 0; t < taps.count[x]; ++t, pixel += 3) {
      const __m256i weight = _mm256_set1_epi32(weights[t]);
      upper = _mm256_add_epi32(upper, _mm256_mullo_epi32(weight, two_pixels(pixel, pixel + stride)));
      lower = _mm256_add_epi32(lower, _mm256_mullo_epi32(weight, two_pixels(pixel + 2 * stride, pixel + 3 * stride)));
    }
    upper = _mm256_srai_epi32(upper, kFractionBits);
    lower = _mm256_srai_epi32(lower, kFractionBits);
    const __m256i words = _mm256_packs_epi32(upper, lower);   // rows 0, 2 | 1, 3
    const __m256i levels = _mm256_packus_epi16(words, words);  // clips to 0..255
    const __m128i even = _mm256_castsi256_si128(levels), odd = _mm256_extracti128_si256(levels, 1);
    const bool last = x + 1 == taps.outputs;  // the byte behind the others is written next
    put(output, _mm_cvtsi128_si32(even), last);
    put(output + output_stride, _mm_cvtsi128_si32(odd), last);
    put(output + 2 * output_stride, _mm_extract_epi32(even, 1), last);
    put(output + 3 * output_stride, _mm_extract_epi32(odd, 1), last);
  }
}

[[gnu::target("avx2")]] inline __m256i weighted(const std::uint8_t* levels, __m256i weight) {
  return _mm256_mullo_epi32(weight, _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(levels))));
}

/// 32 bytes at a time; returns how many were done.
[[gnu::target("avx2")]] std::int64_t mix_blocks(const std::uint8_t* rows, std::int64_t stride,
                                                const std::int32_t* weights, std::int64_t count, std::int64_t bytes,
                                                std::uint8_t* output) {
  const __m256i in_order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  std::int64_t i = 0;
  for (; i + 32 <= bytes; i += 32) {
    __m256i a = _mm256_set1_epi32(kHalf), b = a, c = a, d = a;
    for (std::int64_t t = 0; t < count; ++t) {
      const __m256i weight = _mm256_set1_epi32(weights[t]);
      const std::uint8_t* row = rows + t * stride + i;
      a = _mm256_add_epi32(a, weighted(row, weight));
      b = _mm256_add_epi32(b, weighted(row + 8, weight));
      c = _mm256_add_epi32(c, weighted(row + 16, weight));
      d = _mm256_add_epi32(d, weighted(row + 24, weight));
    }
    const __m256i ab = _mm256_packs_epi32(_mm256_srai_epi32(a, kFractionBits), _mm256_srai_epi32(b, kFractionBits));
    const __m256i cd = _mm256_packs_epi32(_mm256_srai_epi32(c, kFractionBits), _mm256_srai_epi32(d, kFractionBits));
    const __m256i levels = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(ab, cd), in_order);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(output + i), levels);
  }
  return i;
}

#endif

}  // namespace

void resize_across(const InputRows& rows, const Taps& taps, std::uint8_t* output, std::int64_t output_stride) {
  std::int64_t y = 0;
#if defined(__x86_64__)
  if (has_avx2() && taps.outputs > 0) {
    const std::int64_t last = taps.outputs - 1;
    const std::int64_t reach = 3 * (taps.from[last] + taps.count[last]) + 1;  // one byte is read behind the last pixel
    const auto fits = [&](std::int64_t row) { return rows.end - (rows.first + row * rows.stride) >= reach; };
    for (; y + 4 <= rows.count && fits(y + 3); y += 4) {
      resize_four_rows(rows.first + y * rows.stride, rows.stride, taps, output + y * output_stride, output_stride);
    }
  }
#endif
  for (; y < rows.count; ++y) resize_row(rows.first + y * rows.stride, taps, output + y * output_stride);
}

void mix_rows(const std::uint8_t* rows, std::int64_t stride, const std::int32_t* weights, std::int64_t count,
              std::int64_t bytes, std::uint8_t* output) {
  std::int64_t done = 0;
#if defined(__x86_64__)
  if (has_avx2()) done = mix_blocks(rows, stride, weights, count, bytes, output);
#endif
  mix_bytes(rows, stride, weights, count, done, bytes, output);
}

}  // namespace oodml::data
