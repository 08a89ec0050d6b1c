#include "core/criteria/single_pass/matrix_products.h"

#include "core/products/small_products.h"

namespace oodml::criteria {
namespace {

/// [size, dim]
products::MatrixView as_rows(const Vectors& of) {
  return {of.values, of.size, of.dim, of.are_columns ? 1 : of.dim, of.are_columns ? of.size : 1};
}

/// [dim, size]
products::MatrixView as_columns(const Vectors& of) {
  return {of.values, of.dim, of.size, of.are_columns ? of.size : 1, of.are_columns ? 1 : of.dim};
}

}  // namespace

void multiply_vectors(const Vectors& a, const Vectors& b, float* out) {
  products::multiply_small(as_rows(a), as_columns(b), out);
}

void multiply_with_itself(const Vectors& a, float* out) { products::multiply_with_itself(as_rows(a), out); }

}  // namespace oodml::criteria
