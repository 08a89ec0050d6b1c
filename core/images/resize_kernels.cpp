#include "core/images/resize_kernels.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Sums of 32-bit integers: which of the two forms of a kernel ran cannot be seen in a pixel.

namespace oodml::images {
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

/// Three bytes, and a fourth where it will be written over.
void put(std::uint8_t* to, int value, bool last) {
  if (last) [[unlikely]] {
    std::memcpy(to, &value, 3);
  } else {
    std::memcpy(to, &value, 4);
  }
}

constexpr int kLowBits = 11;             // of a weight; both parts are then 16-bit factors
constexpr std::int64_t kBlock = 4;       // taps that are summed at once
constexpr std::int64_t kBlockRead = 16;  // bytes, of which 12 count

/// The weights of each output in blocks of taps: the high parts of four, then the low ones. Missing taps weigh nothing.
std::vector<std::int16_t> in_blocks(const Taps& taps, std::int64_t blocks) {
  std::vector<std::int16_t> parts(static_cast<std::size_t>(taps.outputs * blocks * 2 * kBlock));
  for (std::int64_t x = 0; x < taps.outputs; ++x) {
    std::int16_t* to = parts.data() + x * blocks * 2 * kBlock;
    for (std::int64_t t = 0; t < taps.count[x]; ++t) {
      const std::int32_t weight = taps.weights[x * taps.stride + t];
      std::int16_t* block = to + t / kBlock * 2 * kBlock + t % kBlock;
      block[0] = static_cast<std::int16_t>(weight >> kLowBits);
      block[kBlock] = static_cast<std::int16_t>(weight & ((1 << kLowBits) - 1));
    }
  }
  return parts;
}

/// [row a | row b], four sums each, of two registers that hold the sums of taps 0, 1 and of taps 2, 3.
[[gnu::target("avx2")]] inline __m256i two_rows(__m256i a, __m256i b) {
  const __m256i sums = _mm256_add_epi32(_mm256_permute2x128_si256(a, b, 0x20), _mm256_permute2x128_si256(a, b, 0x31));
  return _mm256_srai_epi32(_mm256_add_epi32(sums, _mm256_set1_epi32(kHalf)), kFractionBits);
}

/// Four rows at a time; rows may be the same.
[[gnu::target("avx2")]] void resize_four_rows(const std::array<const std::uint8_t*, 4>& input, const Taps& taps,
                                              const std::int16_t* weights, std::int64_t blocks,
                                              const std::array<std::uint8_t*, 4>& output) {
  constexpr char kNone = -1;
  const __m256i levels_of_taps = _mm256_setr_epi8(  // red of two taps, green, blue; as 16-bit integers
      0, kNone, 3, kNone, 1, kNone, 4, kNone, 2, kNone, 5, kNone, kNone, kNone, kNone, kNone,  //
      6, kNone, 9, kNone, 7, kNone, 10, kNone, 8, kNone, 11, kNone, kNone, kNone, kNone, kNone);
  const __m256i high_parts = _mm256_setr_epi8(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,  //
                                              4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
  const __m256i low_parts = _mm256_add_epi8(high_parts, _mm256_set1_epi8(8));
  for (std::int64_t x = 0; x < taps.outputs; ++x) {
    __m256i high[4], low[4];
#pragma GCC unroll 4
    for (int row = 0; row < 4; ++row) high[row] = low[row] = _mm256_setzero_si256();
    std::int64_t place = 3 * taps.from[x];
    for (std::int64_t block = 0; block < blocks; ++block, place += 3 * kBlock, weights += 2 * kBlock) {
      const __m256i parts = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(weights)));
      const __m256i high_weights = _mm256_shuffle_epi8(parts, high_parts);
      const __m256i low_weights = _mm256_shuffle_epi8(parts, low_parts);
#pragma GCC unroll 4
      for (int row = 0; row < 4; ++row) {
        const auto* pixels = reinterpret_cast<const __m128i*>(input[static_cast<std::size_t>(row)] + place);
        const __m256i twice = _mm256_broadcastsi128_si256(_mm_loadu_si128(pixels));
        const __m256i levels = _mm256_shuffle_epi8(twice, levels_of_taps);
        high[row] = _mm256_add_epi32(high[row], _mm256_madd_epi16(levels, high_weights));
        low[row] = _mm256_add_epi32(low[row], _mm256_madd_epi16(levels, low_weights));
      }
    }
#pragma GCC unroll 4
    for (int row = 0; row < 4; ++row) high[row] = _mm256_add_epi32(_mm256_slli_epi32(high[row], kLowBits), low[row]);
    const __m256i words = _mm256_packs_epi32(two_rows(high[0], high[1]), two_rows(high[2], high[3]));  // 0, 2 | 1, 3
    const __m256i levels = _mm256_packus_epi16(words, words);  // clips to 0..255
    const __m128i even = _mm256_castsi256_si128(levels), odd = _mm256_extracti128_si256(levels, 1);
    const bool last = x + 1 == taps.outputs;  // the byte behind the others is written next
    put(output[0] + 3 * x, _mm_cvtsi128_si32(even), last);
    put(output[1] + 3 * x, _mm_cvtsi128_si32(odd), last);
    put(output[2] + 3 * x, _mm_extract_epi32(even, 1), last);
    put(output[3] + 3 * x, _mm_extract_epi32(odd, 1), last);
  }
}

/// All rows; those too near the end of their buffer to be read in blocks are copied first.
void resize_rows(const InputRows& rows, const Taps& taps, std::uint8_t* output, std::int64_t output_stride) {
  const std::int64_t most = *std::max_element(taps.count, taps.count + taps.outputs);
  const std::int64_t blocks = (most + kBlock - 1) / kBlock;
  const std::vector<std::int16_t> weights = in_blocks(taps, blocks);
  const std::int64_t last = taps.outputs - 1;
  const std::int64_t needed = 3 * (taps.from[last] + taps.count[last]);
  const std::int64_t reach = 3 * (taps.from[last] + (blocks - 1) * kBlock) + kBlockRead;
  std::vector<std::vector<std::uint8_t>> copies;
  const auto row_at = [&](std::int64_t y) -> const std::uint8_t* {
    const std::uint8_t* row = rows.first + y * rows.stride;
    if (rows.end - row >= reach) return row;
    copies.emplace_back(row, row + needed).resize(static_cast<std::size_t>(reach));
    return copies.back().data();
  };
  for (std::int64_t y = 0; y < rows.count; y += 4) {
    std::array<const std::uint8_t*, 4> from;
    std::array<std::uint8_t*, 4> to;
    for (std::int64_t i = 0; i < 4; ++i) {
      const std::int64_t row = std::min(y + i, rows.count - 1);
      from[static_cast<std::size_t>(i)] = row_at(row);
      to[static_cast<std::size_t>(i)] = output + row * output_stride;
    }
    resize_four_rows(from, taps, weights.data(), blocks, to);
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
#if defined(__x86_64__)
  if (has_avx2() && taps.outputs > 0 && rows.count > 0) return resize_rows(rows, taps, output, output_stride);
#endif
  for (std::int64_t y = 0; y < rows.count; ++y) {
    resize_row(rows.first + y * rows.stride, taps, output + y * output_stride);
  }
}

void mix_rows(const std::uint8_t* rows, std::int64_t stride, const std::int32_t* weights, std::int64_t count,
              std::int64_t bytes, std::uint8_t* output) {
  std::int64_t done = 0;
#if defined(__x86_64__)
  if (has_avx2()) done = mix_blocks(rows, stride, weights, count, bytes, output);
#endif
  mix_bytes(rows, stride, weights, count, done, bytes, output);
}

}  // namespace oodml::images
