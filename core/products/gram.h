#pragma once

#include <cstdint>

#include "core/products/double_kernel.h"

namespace oodml::products {

/// The Gram matrix of the columns of rows X [n, dim], X'X, in double arithmetic: by square tiles, each once, which
/// threads may share out. Which thread does which changes no bit.
class Gram {
 public:
  /// `matrix` [dim, dim] is written by tiles; of a tile above the diagonal nothing is.
  Gram(std::int64_t dim, double* matrix, Registers registers = widest_registers());

  std::int64_t tiles() const { return strips_ * (strips_ + 1) / 2; }
  /// Writes a tile of the lower half, its diagonal included, of rows [n, dim], one after the other.
  void fill(std::int64_t tile, const float* rows, std::int64_t n) const { fill_tile(tile, rows, n); }
  void fill(std::int64_t tile, const double* rows, std::int64_t n) const { fill_tile(tile, rows, n); }

 private:
  template <typename Number>
  void fill_tile(std::int64_t tile, const Number* rows, std::int64_t n) const;

  std::int64_t dim_, strips_;
  double* matrix_;
  const DoubleKernel& kernel_;
};

}  // namespace oodml::products
