#pragma once

#include <cstdint>

#include "core/products/registers.h"

namespace oodml::products {

/// A matrix as it lies: entry (i, k) is values[i * row_step + k * column_step], one of the steps being 1.
struct MatrixView {
  const float* values;
  std::int64_t rows, columns, row_step, column_step;
};

/// Which products of a set with itself are wanted.
enum class Half { kBoth, kUpper };

/// out [a.rows, b.columns] = a b, on this thread, for matrices of the size of a batch: `a` is read where it lies, and
/// of `b` some columns at a time are laid side by side in the first cache, so that no other copy is made. Sums are
/// those of parts of kDepth entries (packed_rows.h). kUpper: what is left of the diagonal is not written, but for what
/// shares a block with it.
void multiply_small(const MatrixView& a, const MatrixView& b, float* out, Half half = Half::kBoth,
                    Registers registers = widest_registers());

/// out [size, size] = the products of rows [size, dim] with each other: half of them, mirrored.
void multiply_with_itself(const MatrixView& rows, float* out);

}  // namespace oodml::products
