#pragma once

#include <array>
#include <cstdint>

#include "core/products/registers.h"

namespace oodml::products {

/// Adds the products of one panel with one, two or three others, of `depth` entries each, to `out`: panel by panel, an
/// entry of all rows of a panel side by side. `out` has `stride` numbers a row.
using AddDoublePanels = void (*)(const double* left, const double* right, std::int64_t depth, double* out,
                                 std::int64_t stride);

/// Packs `count` entries of one panel: entry k of row j is from[k * stride + j].
template <typename Number>
using PackDoublePanel = void (*)(const Number* from, std::int64_t stride, std::int64_t count, double* to);

/// What a symmetric matrix, whose entries stand in one half only, gives of four rows: sums[r] += row r times x, and
/// product[j] += what the rows have at j times own[0], ..., own[3]. `count` is a multiple of the panel.
using MultiplyFourRows = void (*)(const double* rows, std::int64_t stride, std::int64_t count, const double* x,
                                  const double* own, double* product, double* sums);

/// A block of products in double precision that stays in registers.
struct DoubleKernel {
  std::int64_t panel;  ///< Rows a panel; divides kDoubleBlock.
  std::array<AddDoublePanels, 3> with_panels;
  PackDoublePanel<float> pack_floats;
  PackDoublePanel<double> pack_doubles;
  MultiplyFourRows multiply_four;
};

/// A multiple of the rows of three panels of every kernel.
inline constexpr std::int64_t kDoubleBlock = 96;

extern const DoubleKernel kPlainDoubleKernel, kAvx2DoubleKernel, kAvx512DoubleKernel;

const DoubleKernel& double_kernel(Registers registers = widest_registers());

}  // namespace oodml::products
