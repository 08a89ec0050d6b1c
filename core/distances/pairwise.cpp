#include "core/distances/pairwise.h"

namespace oodml::distances {
namespace {

constexpr double kSmallestNorm = 1e-12;
constexpr double kCoordinateShift = 1e-6;

torch::Tensor distances_from(const torch::Tensor& products, const torch::Tensor& row_norms,
                             const torch::Tensor& column_norms, double squared_floor) {
  return (row_norms.unsqueeze(1) + column_norms.unsqueeze(0) - 2 * products).clamp_min(squared_floor).sqrt();
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

}  // namespace oodml::distances
