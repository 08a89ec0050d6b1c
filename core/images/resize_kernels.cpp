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

constexpr int kLowBits = 11;            // of a weight; both parts are then 16-bit factors
constexpr std::int64_t kRows = 8;       // that are resized at once
constexpr std::int64_t kPair = 48;      // bytes: of two pixels beside each other the levels of one channel in all rows
constexpr std::int64_t kStep = 8;       // pixels that are laid out at once
constexpr std::int64_t kStepRead = 28;  // bytes of a row, of which 24 count

using RowsOfOutput = std::array<std::uint8_t*, kRows>;
using RowsOfInput = std::array<const std::uint8_t*, kRows>;

/// The inputs of each output in pairs of columns, counted from the first that any reads. As many pairs for each, so
/// that a processor predicts the loop over them; columns that are none of its taps weigh nothing.
struct Pairs {
  std::int64_t count = 0;                ///< for each output
  std::vector<std::int64_t> first;       ///< of each output
  std::vector<std::int32_t> parts;       ///< [output][pair][2]: the high parts of both weights, then the low ones
  std::int64_t column = 0, columns = 0;  ///< the first column, and how many are to be laid out
};

Pairs in_pairs(const Taps& taps) {
  Pairs pairs;
  pairs.column = taps.from[0];
  for (std::int64_t x = 0; x < taps.outputs; ++x) {
    const std::int64_t from = taps.from[x] - pairs.column;
    pairs.first.push_back(from / 2);
    pairs.count = std::max(pairs.count, (from + taps.count[x] + 1) / 2 - from / 2);
    pairs.columns = std::max(pairs.columns, from + taps.count[x]);
  }
  pairs.parts.resize(static_cast<std::size_t>(taps.outputs * pairs.count * 2));
  for (std::int64_t x = 0; x < taps.outputs; ++x) {
    for (std::int64_t t = 0; t < taps.count[x]; ++t) {
      const std::int32_t weight = taps.weights[x * taps.stride + t];
      const std::int64_t column = taps.from[x] - pairs.column + t - 2 * pairs.first[static_cast<std::size_t>(x)];
      std::int32_t* part = pairs.parts.data() + (x * pairs.count + column / 2) * 2;
      part[0] |= weight >> kLowBits << (16 * (column % 2));
      part[1] |= (weight & ((1 << kLowBits) - 1)) << (16 * (column % 2));
    }
  }
  return pairs;
}

/// Rows to columns, [pair][channel][row][2], from a byte of each row on.
[[gnu::target("avx2")]] void lay_out(const RowsOfInput& rows, std::int64_t place, std::int64_t steps,
                                     std::uint8_t* to) {
  constexpr char kNone = -1;
  const __m256i in_pairs =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11, kNone, kNone, kNone, kNone));
  for (std::int64_t step = 0; step < steps; ++step, place += 3 * kStep, to += kStep / 2 * kPair) {
    __m256i row[kRows], four[6];  // of a row two pairs of pixels in either half
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kRows; ++i) {
      const auto* pixels = reinterpret_cast<const __m128i*>(rows[i] + place);
      const auto* more = reinterpret_cast<const __m128i*>(rows[i] + place + 3 * kStep / 2);
      const __m256i both =
          _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(pixels)), _mm_loadu_si128(more), 1);
      row[i] = _mm256_shuffle_epi8(both, in_pairs);
    }
#pragma GCC unroll 2
    for (std::size_t i = 0; i < 2; ++i) {  // four rows each: words 0, 1, then 2, 3, then 4, 5
      const __m256i *low = row + 4 * i, *high = low + 2;
      const __m256i a = _mm256_unpacklo_epi16(low[0], low[1]), b = _mm256_unpacklo_epi16(high[0], high[1]);
      const __m256i c = _mm256_unpackhi_epi16(low[0], low[1]), d = _mm256_unpackhi_epi16(high[0], high[1]);
      four[3 * i] = _mm256_unpacklo_epi32(a, b);
      four[3 * i + 1] = _mm256_unpackhi_epi32(a, b);
      four[3 * i + 2] = _mm256_unpacklo_epi32(c, d);
    }
#pragma GCC unroll 3
    for (std::size_t i = 0; i < 3; ++i) {
      const __m256i even = _mm256_unpacklo_epi64(four[i], four[i + 3]);
      const __m256i odd = _mm256_unpackhi_epi64(four[i], four[i + 3]);
      auto* words = reinterpret_cast<__m256i*>(to + 32 * i);  // of the first half, behind it those of the second
      _mm256_storeu_si256(words, _mm256_permute2x128_si256(even, odd, 0x20));
      _mm256_storeu_si256(words + 3, _mm256_permute2x128_si256(even, odd, 0x31));
    }
  }
}

[[gnu::target("avx2")]] inline __m256i shifted(__m256i high, __m256i low) {
  const __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high, kLowBits), low);
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(kHalf)), kFractionBits);
}

/// Of all rows the outputs from what was laid out; rows may be the same.
[[gnu::target("avx2")]] void sum_pairs(const std::uint8_t* laid_out, const Pairs& pairs, std::int64_t outputs,
                                       const RowsOfOutput& output) {
  const __m256i pixel_of_row =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
  const std::int32_t* parts = pairs.parts.data();
  for (std::int64_t x = 0; x < outputs; ++x) {
    const std::uint8_t* levels = laid_out + kPair * pairs.first[static_cast<std::size_t>(x)];
    __m256i high[3], low[3];
#pragma GCC unroll 3
    for (int channel = 0; channel < 3; ++channel) high[channel] = low[channel] = _mm256_setzero_si256();
    for (std::int64_t pair = 0; pair < pairs.count; ++pair, parts += 2, levels += kPair) {
      const __m256i high_parts = _mm256_set1_epi32(parts[0]), low_parts = _mm256_set1_epi32(parts[1]);
#pragma GCC unroll 3
      for (int channel = 0; channel < 3; ++channel) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(levels + 16 * channel));
        const __m256i words = _mm256_cvtepu8_epi16(bytes);
        high[channel] = _mm256_add_epi32(high[channel], _mm256_madd_epi16(words, high_parts));
        low[channel] = _mm256_add_epi32(low[channel], _mm256_madd_epi16(words, low_parts));
      }
    }
    const __m256i blue = shifted(high[2], low[2]);
    const __m256i red_green = _mm256_packs_epi32(shifted(high[0], low[0]), shifted(high[1], low[1]));
    const __m256i sums = _mm256_packus_epi16(red_green, _mm256_packs_epi32(blue, blue));  // clips to 0..255
    alignas(32) std::array<int, kRows> pixels;
    _mm256_store_si256(reinterpret_cast<__m256i*>(pixels.data()), _mm256_shuffle_epi8(sums, pixel_of_row));
    const bool last = x + 1 == outputs;  // the byte behind the others is written next
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kRows; ++i) put(output[i] + 3 * x, pixels[i], last);
  }
}

/// All rows; those too near the end of their buffer to be read in steps are copied first.
void resize_rows(const InputRows& rows, const Taps& taps, std::uint8_t* output, std::int64_t output_stride) {
  const Pairs pairs = in_pairs(taps);
  const std::int64_t steps = (pairs.columns + kStep - 1) / kStep, place = 3 * pairs.column;
  const std::int64_t needed = place + 3 * pairs.columns, reach = place + 3 * kStep * (steps - 1) + kStepRead;
  std::vector<std::uint8_t> laid_out(static_cast<std::size_t>((steps * kStep / 2 + pairs.count) * kPair));
  std::vector<std::vector<std::uint8_t>> copies;
  const auto row_at = [&](std::int64_t y) -> const std::uint8_t* {
    const std::uint8_t* row = rows.first + y * rows.stride;
    if (rows.end - row >= reach) return row;
    copies.emplace_back(row, row + needed).resize(static_cast<std::size_t>(reach));
    return copies.back().data();
  };
  for (std::int64_t y = 0; y < rows.count; y += kRows) {
    RowsOfInput from;
    RowsOfOutput to;
    for (std::int64_t i = 0; i < kRows; ++i) {
      const std::int64_t row = std::min(y + i, rows.count - 1);
      from[static_cast<std::size_t>(i)] = row_at(row);
      to[static_cast<std::size_t>(i)] = output + row * output_stride;
    }
    lay_out(from, place, steps, laid_out.data());
    sum_pairs(laid_out.data(), pairs, taps.outputs, to);
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
