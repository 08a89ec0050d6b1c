#include "core/products/multiply.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace oodml::products {
namespace {

/// Rows of the right side that stay in the second cache while rows of the left side pass: 384 KiB.
constexpr std::int64_t kRightRows = 4 * kPanelRows;

/// The largest block of a kernel.
constexpr std::int64_t kBlockRows = 8, kBlockColumns = 48;

/// A block at an edge: what the kernel writes beyond it is thrown away.
void multiply_edge(MultiplyPanels kernel, const float* rows, const float* panels, std::int64_t depth, bool add,
                   float* out, std::int64_t stride, std::int64_t height, std::int64_t width) {
  std::array<float, kBlockRows * kBlockColumns> whole;
  kernel(rows, panels, depth, /*add=*/false, whole.data(), kBlockColumns);
  for (std::int64_t r = 0; r < height; ++r) {
    for (std::int64_t j = 0; j < width; ++j) {
      float& to = out[r * stride + j];
      to = add ? to + whole[r * kBlockColumns + j] : whole[r * kBlockColumns + j];
    }
  }
}

/// The products of some entries of the rows, for columns that fit the cache.
void multiply_block(const PackedRows& a, RowRange left, const PackedRows& b, RowRange right, std::int64_t from,
                    float* out, std::int64_t stride) {
  const MicroKernel& kernel = a.kernel();
  const std::int64_t depth = std::min(kDepth, a.dim() - from), wide = kMostPanels * kernel.panel;
  for (std::int64_t i = left.first; i < left.last; i += kernel.rows) {
    const std::int64_t height = std::min(kernel.rows, left.last - i);
    const float* const rows = a.at(i, from, depth);
    for (std::int64_t j = right.first; j < right.last; j += wide) {
      const std::int64_t width = std::min(wide, right.last - j);
      const std::int64_t panels = (width + kernel.panel - 1) / kernel.panel;
      const MultiplyPanels run = kernel.with_panels[panels - 1];
      float* const to = out + (i - left.first) * stride + (j - right.first);
      if (height == kernel.rows && width == panels * kernel.panel) {
        run(rows, b.at(j, from, depth), depth, from > 0, to, stride);
      } else {
        multiply_edge(run, rows, b.at(j, from, depth), depth, from > 0, to, stride, height, width);
      }
    }
  }
}

}  // namespace

void multiply(const PackedRows& a, RowRange left, const PackedRows& b, RowRange right, float* out,
              std::int64_t stride) {
  assert(a.dim() == b.dim() && &a.kernel() == &b.kernel());
  assert(left.first % a.kernel().panel == 0 && right.first % a.kernel().panel == 0);
  for (std::int64_t j = right.first; j < right.last; j += kRightRows) {
    const RowRange some{j, std::min(j + kRightRows, right.last)};
    for (std::int64_t from = 0; from < a.dim(); from += kDepth) {
      multiply_block(a, left, b, some, from, out + (j - right.first), stride);
    }
  }
}

}  // namespace oodml::products
