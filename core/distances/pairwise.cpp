#include "core/distances/pairwise.h"

namespace oodml::distances {
namespace {

constexpr double kSmallestNorm = 1e-12;
constexpr double kSmallestSquare = 1e-24;

torch::Tensor distances_from(const torch::Tensor& products, const torch::Tensor& row_norms,
                             const torch::Tensor& column_norms, double squared_floor) {
  return (row_norms.unsqueeze(1) + column_norms.unsqueeze(0) - 2 * products).clamp_min(squared_floor).sqrt();
}

/// Of ||a - b + shift||^2 = ||a||^2 + ||b||^2 - 2 a.b + 2 shift (sum a - sum b) + D shift^2, in double precision.
torch::Tensor shifted_distances(const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& products,
                                const torch::Tensor& row_norms, const torch::Tensor& column_norms, double shift) {
  auto squares = row_norms.unsqueeze(1) + column_norms.unsqueeze(0) - 2 * products;
  if (shift != 0.0) {
    squares = squares + 2 * shift * (a.sum(1).unsqueeze(1) - b.sum(1).unsqueeze(0)) + a.size(1) * shift * shift;
  }
  const auto zero = squares.detach().lt(kSmallestSquare);
  return squares.masked_fill(zero, 1).sqrt().masked_fill(zero, 0);
}

}  // namespace

torch::Tensor unit_rows(const torch::Tensor& x) {
  return x / at::linalg_vector_norm(x, 2, /*dim=*/{1}, /*keepdim=*/true).clamp_min(kSmallestNorm);
}

torch::Tensor row_squared_distances(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).square().sum(1); }

torch::Tensor row_shifted_distances(const torch::Tensor& a, const torch::Tensor& b) {
  return at::linalg_vector_norm(a - b + kCoordinateShift, 2, /*dim=*/{1});
}

torch::Tensor pairwise_distances(const torch::Tensor& a, const torch::Tensor& b, double squared_floor) {
  return distances_from(a.mm(b.t()), a.square().sum(1), b.square().sum(1), squared_floor);
}

torch::Tensor pairwise_distances(const torch::Tensor& x, double squared_floor) {
  const auto products = x.mm(x.t());
  const auto norms = products.diagonal();
  return distances_from(products, norms, norms, squared_floor);
}

torch::Tensor precise_distances(const torch::Tensor& a, const torch::Tensor& b, double shift) {
  const auto rows = a.to(at::kDouble), columns = b.to(at::kDouble);
  return shifted_distances(rows, columns, rows.mm(columns.t()), rows.square().sum(1), columns.square().sum(1), shift)
      .to(a.scalar_type());
}

torch::Tensor precise_distances(const torch::Tensor& x, double shift) {
  const auto rows = x.to(at::kDouble);
  const auto products = rows.mm(rows.t());
  const auto norms = products.diagonal();
  return shifted_distances(rows, rows, products, norms, norms, shift).to(x.scalar_type());
}

}  // namespace oodml::distances
