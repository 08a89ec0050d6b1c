#include "core/split_creation/trace_of_root.h"

#include <algorithm>

#include "core/split_creation/decompose.h"

namespace oodml::split_creation {
namespace {

/// F with F F^T = symmetric: the Cholesky factor, a third of the work of one product; where the matrix is singular the
/// eigenvectors times the roots of the eigenvalues, of which rounding may have put some below zero.
torch::Tensor factor_of(const torch::Tensor& symmetric) {
  const auto [lower, first_bad_minor] = at::linalg_cholesky_ex(symmetric);
  if (first_bad_minor.item<std::int64_t>() == 0) return lower;
  const auto [values, vectors] = at::linalg_eigh(symmetric);
  return vectors * values.clamp_min(0).sqrt();
}

}  // namespace

double sum_of_singular_values(const torch::Tensor& matrix) {
  double sum = 0;
  decompose(std::max(matrix.size(0), matrix.size(1)), [&] { sum = at::linalg_svdvals(matrix).sum().item<double>(); });
  return sum;
}

double trace_of_root(const torch::Tensor& a, const torch::Tensor& b) {
  torch::Tensor product;
  decompose(a.size(0), [&] { product = factor_of(a).t().mm(factor_of(b)); });
  return sum_of_singular_values(product);
}

}  // namespace oodml::split_creation
