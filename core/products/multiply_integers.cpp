#include <algorithm>
#include <array>
#include <cassert>

#include "core/products/integer_rows.h"

// As multiply.cpp of single precision.

namespace oodml::products {
namespace {

/// Rows of the right side that stay in the second cache while rows of the left side pass: 192 KiB of 512 entries.
constexpr std::int64_t kIntegerRightRows = 4 * kPanelRows;

/// The largest block of a kernel.
constexpr std::int64_t kIntegerBlockRows = 8, kIntegerBlockColumns = 48;

/// A block at an edge: what the kernel writes beyond it is thrown away.
void multiply_edge(MultiplyPairs kernel, const std::int32_t* rows, const std::int32_t* panels, std::int64_t pairs,
                   bool add, std::int32_t* out, std::int64_t stride, std::int64_t height, std::int64_t width) {
  std::array<std::int32_t, kIntegerBlockRows * kIntegerBlockColumns> whole;
  kernel(rows, panels, pairs, /*add=*/false, whole.data(), kIntegerBlockColumns);
  for (std::int64_t r = 0; r < height; ++r) {
    for (std::int64_t j = 0; j < width; ++j) {
      std::int32_t& to = out[r * stride + j];
      to = (add ? to : 0) + whole[r * kIntegerBlockColumns + j];
    }
  }
}

/// The products of some entries of the rows, for columns that fit the cache.
void multiply_integers(const IntegerRows& a, RowRange left, const IntegerRows& b, RowRange right, std::int64_t from,
                       std::int32_t* out, std::int64_t stride) {
  const IntegerKernel& kernel = a.kernel();
  const std::int64_t pairs = std::min(kPairs, (a.dim() + 1) / 2 - from), wide = kernel.most_panels * kernel.panel;
  for (std::int64_t i = left.first; i < left.last; i += kernel.rows) {
    const std::int64_t height = std::min(kernel.rows, left.last - i);
    const std::int32_t* const rows = a.at(i, from, pairs);
    for (std::int64_t j = right.first; j < right.last; j += wide) {
      const std::int64_t width = std::min(wide, right.last - j);
      const std::int64_t panels = (width + kernel.panel - 1) / kernel.panel;
      const MultiplyPairs run = kernel.with_panels[panels - 1];
      std::int32_t* const to = out + (i - left.first) * stride + (j - right.first);
      if (height == kernel.rows && width == panels * kernel.panel) {
        run(rows, b.at(j, from, pairs), pairs, from > 0, to, stride);
      } else {
        multiply_edge(run, rows, b.at(j, from, pairs), pairs, from > 0, to, stride, height, width);
      }
    }
  }
}

}  // namespace

void multiply(const IntegerRows& a, RowRange left, const IntegerRows& b, RowRange right, std::int32_t* out,
              std::int64_t stride) {
  assert(a.dim() == b.dim() && &a.kernel() == &b.kernel());
  assert(left.first % kPanelRows == 0 && right.first % kPanelRows == 0);
  for (std::int64_t j = right.first; j < right.last; j += kIntegerRightRows) {
    const RowRange some{j, std::min(j + kIntegerRightRows, right.last)};
    for (std::int64_t from = 0; from < (a.dim() + 1) / 2; from += kPairs) {
      multiply_integers(a, left, b, some, from, out + (j - right.first), stride);
    }
  }
}

}  // namespace oodml::products
