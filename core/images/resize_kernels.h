#pragma once

#include <cstdint>

namespace oodml::images {

inline constexpr int kFractionBits = 22;
inline constexpr std::int32_t kHalf = 1 << (kFractionBits - 1);

/// One axis of a resize, as Resizer::Axis holds it: output i sums count[i] inputs from from[i] on.
struct Taps {
  const std::int64_t* from;
  const std::int64_t* count;
  const std::int32_t* weights;  ///< [outputs][stride]
  std::int64_t stride;
  std::int64_t outputs;
};

/// Rows of RGB in memory.
struct InputRows {
  const std::uint8_t* first;
  std::int64_t stride;
  std::int64_t count;
  const std::uint8_t* end;  ///< Of the buffer that they lie in; nothing is read from there on.
};

/// Resizes every row. Output: `rows.count` rows of 3 * taps.outputs bytes, `output_stride` apart.
void resize_across(const InputRows& rows, const Taps& taps, std::uint8_t* output, std::int64_t output_stride);

/// One output row: the sum of `count` input rows of `bytes` bytes, `stride` apart, weighted.
void mix_rows(const std::uint8_t* rows, std::int64_t stride, const std::int32_t* weights, std::int64_t count,
              std::int64_t bytes, std::uint8_t* output);

}  // namespace oodml::images
