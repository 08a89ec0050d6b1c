#pragma once

#include <cstdint>

#include "core/products/registers.h"

namespace oodml::products {

/// products[i] = row . rows[chosen[i]] for i < count, of rows of `dim` entries one after the other: for pairs that are
/// too few for a tile. A pair takes as long as two to four of a tile and is closer to the truth: see dot_roundings.
/// row . other has the bits of other . row, whatever else is chosen.
using Dots = void (*)(const float* row, const float* rows, const std::uint32_t* chosen, std::int64_t count,
                      std::int64_t dim, float* products);

Dots dots(Registers registers = widest_registers());

/// Entries that are summed at a time, in sixteen sums.
inline constexpr std::int64_t kDotDepth = 128;

/// Roundings that a term of such a product goes through at most.
constexpr std::int64_t dot_roundings(std::int64_t dim) {
  const std::int64_t depth = dim < kDotDepth ? dim : kDotDepth;
  return depth / 16 + (dim + kDotDepth - 1) / kDotDepth + dim % 16 + 5;
}

extern const Dots kPlainDots, kAvx2Dots, kAvx512Dots;

}  // namespace oodml::products
