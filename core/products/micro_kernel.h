#pragma once

#include <array>
#include <cstdint>

#include "core/products/registers.h"

namespace oodml::products {

/// Adds the products of some rows with one, two or three panels of others to `out`, or writes them there.
/// `rows` points at the first of them in its panel, `panels` at the first panel; both hold `depth` entries of each row,
/// an entry of all rows of a panel side by side. `out` has `stride` numbers a row.
using MultiplyPanels = void (*)(const float* rows, const float* panels, std::int64_t depth, bool add, float* out,
                                std::int64_t stride);

/// A block of products that stays in registers.
struct MicroKernel {
  std::int64_t panel;  ///< Rows a panel.
  std::int64_t rows;   ///< Of the left side at a time; divides `panel`.
  std::array<MultiplyPanels, 3> with_panels;
};

/// Panels of the right side that one call takes at most.
inline constexpr std::int64_t kMostPanels = 3;

extern const MicroKernel kPlainKernel, kAvx2Kernel, kAvx512Kernel;

const MicroKernel& micro_kernel(Registers registers);

}  // namespace oodml::products
