#pragma once

#include "core/products/packed_rows.h"

namespace oodml::products {

/// Rows [first, last). `first` is a multiple of the kernel's panel, as kPanelRows is of every kernel's.
struct RowRange {
  std::int64_t first = 0, last = 0;

  std::int64_t size() const { return last - first; }
};

/// out[(i - left.first) * stride + (j - right.first)] = a_i . b_j for i of `left` and j of `right`; both sides of one
/// dimension and one micro-kernel. Each product is a sum over the entries in a fixed order, which the tile does not
/// change, so a_i . b_j has the same bits wherever and however it is asked for. Nothing beyond the tile is written.
void multiply(const PackedRows& a, RowRange left, const PackedRows& b, RowRange right, float* out, std::int64_t stride);

}  // namespace oodml::products
