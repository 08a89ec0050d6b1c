#include "core/products/gram.h"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace oodml::products {
namespace {

constexpr std::int64_t kColumns = kDoubleBlock;
constexpr std::int64_t kPackedRows = 8;
constexpr std::int64_t kDepthRows = 128;  // that are multiplied at a time: two strips and their products fit 512 KiB

/// Some columns of a few rows in the layout of a kernel.
class Strip {
 public:
  Strip(const DoubleKernel& kernel, std::int64_t first, std::int64_t dim)
      : kernel_(kernel),
        first_(first),
        count_(std::min(kColumns, dim - first)),
        values_(static_cast<std::size_t>(kColumns * kDepthRows)) {}

  std::int64_t first() const { return first_; }
  std::int64_t count() const { return count_; }
  const double* panel(std::int64_t column, std::int64_t depth) const { return values_.data() + column * depth; }

  /// A few rows at a time: their entries for one panel bring those for the next ones into the cache.
  template <typename Number>
  void pack(const Number* rows, std::int64_t dim, std::int64_t depth) {
    for (std::int64_t k = 0; k < depth; k += kPackedRows) {
      for (std::int64_t j = 0; j < count_; j += kernel_.panel) {
        pack_panel(rows + k * dim + first_ + j, dim, std::min(kPackedRows, depth - k), count_ - j,
                   values_.data() + j * depth + k * kernel_.panel);
      }
    }
  }

 private:
  template <typename Number>
  void pack_panel(const Number* from, std::int64_t stride, std::int64_t rows, std::int64_t width, double* to) const {
    if (width < kernel_.panel) {
      for (std::int64_t k = 0; k < rows; ++k, from += stride, to += kernel_.panel) {
        for (std::int64_t j = 0; j < kernel_.panel; ++j) to[j] = j < width ? static_cast<double>(from[j]) : 0.0;
      }
    } else if constexpr (std::is_same_v<Number, float>) {
      kernel_.pack_floats(from, stride, rows, to);
    } else {
      kernel_.pack_doubles(from, stride, rows, to);
    }
  }

  const DoubleKernel& kernel_;
  std::int64_t first_, count_;
  std::vector<double> values_;
};

/// Of the tile on the diagonal, only blocks that reach to or below it.
void add_products(const DoubleKernel& kernel, const Strip& left, const Strip& right, std::int64_t depth, double* out) {
  const std::int64_t panel = kernel.panel, wide = 3 * panel;
  for (std::int64_t j = 0; j < right.count(); j += wide) {
    const std::int64_t panels = (std::min(wide, right.count() - j) + panel - 1) / panel;
    const std::int64_t from = left.first() == right.first() ? j : 0;
    for (std::int64_t i = from; i < left.count(); i += panel) {
      kernel.with_panels[panels - 1](left.panel(i, depth), right.panel(j, depth), depth, out + i * kColumns + j,
                                     kColumns);
    }
  }
}

}  // namespace

Gram::Gram(std::int64_t dim, double* matrix, Registers registers)
    : dim_(dim), strips_((dim + kColumns - 1) / kColumns), matrix_(matrix), kernel_(double_kernel(registers)) {}

template <typename Number>
void Gram::fill_tile(std::int64_t tile, const Number* rows, std::int64_t n) const {
  std::int64_t i = 0;
  while (tile > i) tile -= ++i;  // the tiles of a row of tiles end on the diagonal
  const std::int64_t j = tile;
  Strip left(kernel_, i * kColumns, dim_), right(kernel_, j * kColumns, dim_);
  std::vector<double> products(static_cast<std::size_t>(kColumns * kColumns), 0.0);
  for (std::int64_t row = 0; row < n; row += kDepthRows) {
    const std::int64_t depth = std::min(kDepthRows, n - row);
    left.pack(rows + row * dim_, dim_, depth);
    if (i != j) right.pack(rows + row * dim_, dim_, depth);
    add_products(kernel_, left, i == j ? left : right, depth, products.data());
  }
  for (std::int64_t r = 0; r < left.count(); ++r) {
    const std::int64_t count = i == j ? r + 1 : right.count();
    std::copy_n(products.data() + r * kColumns, count, matrix_ + (left.first() + r) * dim_ + right.first());
  }
}

template void Gram::fill_tile(std::int64_t, const float*, std::int64_t) const;
template void Gram::fill_tile(std::int64_t, const double*, std::int64_t) const;

}  // namespace oodml::products
