#pragma once

#include <array>
#include <cstdint>

#include "core/products/micro_kernel.h"

namespace oodml::products {

/// So many pairs are summed exactly, in 32 bits, before their sum is halved so many times, rounded down, and added to
/// those before it: a whole row may be twice as long as one whose products have to fit 32 bits themselves.
inline constexpr std::int64_t kSummedPairs = 64;
inline constexpr int kHalvings = 2;

/// Adds the halved sums of products of some rows with one or more panels of others to `out`, or writes them there. As
/// MultiplyPanels of single precision, of pairs of 16-bit integers: a pair of all rows of a panel side by side.
using MultiplyPairs = void (*)(const std::int32_t* rows, const std::int32_t* panels, std::int64_t pairs, bool add,
                               std::int32_t* out, std::int64_t stride);

/// A block of products of integers that stays in registers.
struct IntegerKernel {
  std::int64_t panel;        ///< Rows a panel; divides kPanelRows.
  std::int64_t rows;         ///< Of the left side at a time; divides `panel`.
  std::int64_t most_panels;  ///< Of the right side that one call takes.
  std::array<MultiplyPairs, kMostPanels> with_panels;
};

extern const IntegerKernel kPlainIntegerKernel, kAvx2IntegerKernel, kVnniIntegerKernel;

/// Of those registers; of AVX-512 only where it multiplies and adds integers in one step (VNNI), else that of AVX2.
const IntegerKernel& integer_kernel(Registers registers);

}  // namespace oodml::products
