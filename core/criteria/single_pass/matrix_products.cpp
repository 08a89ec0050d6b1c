#include "core/criteria/single_pass/matrix_products.h"

#include <algorithm>

#include "core/products/multiply.h"

namespace oodml::criteria {
namespace {

products::PackedRows packed(const Vectors& vectors) {
  products::PackedRows rows(vectors.size, vectors.dim);
  if (vectors.are_columns) {
    rows.pack_columns(vectors.values);
  } else {
    rows.pack(vectors.values, 0, vectors.size);
  }
  return rows;
}

}  // namespace

void multiply_vectors(const Vectors& a, const Vectors& b, float* out) {
  products::multiply(packed(a), {0, a.size}, packed(b), {0, b.size}, out, b.size);
}

void multiply_with_itself(const Vectors& a, float* out) {
  const products::PackedRows rows = packed(a);
  const std::int64_t panel = rows.kernel().panel;
  for (std::int64_t first = 0; first < a.size; first += panel) {
    const std::int64_t last = std::min(first + panel, a.size);
    products::multiply(rows, {first, last}, rows, {first, a.size}, out + first * (a.size + 1), a.size);
    for (std::int64_t j = last; j < a.size; ++j) {
      for (std::int64_t i = first; i < last; ++i) out[j * a.size + i] = out[i * a.size + j];
    }
  }
}

}  // namespace oodml::criteria
