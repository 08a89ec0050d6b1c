#include "core/distances/pairwise.h"

#include <torch/csrc/autograd/custom_function.h>

#include "core/distances/products_to_distances.h"
#include "core/products/small_products.h"

namespace oodml::distances {
namespace {

constexpr double kSmallestNorm = 1e-12;
constexpr double kSmallestSquare = 1e-24;
/// Multiplications above which several threads of a library are worth more than one of ours.
constexpr std::int64_t kMostMultiplications = std::int64_t{1} << 26;

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

/// Whether to compute one matrix after the other on this thread: values only, of the size of a batch.
bool is_small_on_cpu(const torch::Tensor& x) {
  const bool is_constant = !at::GradMode::is_enabled() || !x.requires_grad();
  return is_constant && x.is_cpu() && x.scalar_type() == at::kFloat && x.layout() == at::kStrided && x.dim() == 2 &&
         x.numel() > 0 && x.size(0) * x.size(0) * x.size(1) <= kMostMultiplications;
}

/// The same as distances_from, bit for bit, from products of our own.
torch::Tensor small_distances(const torch::Tensor& x, double squared_floor) {
  const auto rows = x.contiguous();
  const std::int64_t n = rows.size(0), dim = rows.size(1);
  auto distances = at::empty({n, n}, rows.options().requires_grad(false));
  float* const values = distances.mutable_data_ptr<float>();
  products::multiply_with_itself({rows.const_data_ptr<float>(), n, dim, dim, 1}, values);
  distances_in_place(values, n, static_cast<float>(squared_floor));
  return distances;
}

class GramMatrix final : public torch::autograd::Function<GramMatrix> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x) {
    context->save_for_backward({x});
    return x.mm(x.t());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    return {(gradients[0] + gradients[0].t()).mm(context->get_saved_variables()[0])};
  }
};

/// precise_distances of one matrix: its gradient takes one product, where the graph of the formula would take two.
class DistancesOfRows : public torch::autograd::Function<DistancesOfRows> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x, double shift) {
    const auto rows = x.to(at::kDouble);
    const auto products = rows.mm(rows.t());
    const auto norms = products.diagonal();
    const auto distances = shifted_distances(rows, rows, products, norms, norms, shift);
    context->save_for_backward({rows, distances});
    context->saved_data["shift"] = shift;
    return distances.to(x.scalar_type());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto &rows = saved[0], &distances = saved[1];
    const double shift = context->saved_data["shift"].toDouble();
    // d d_ij / d x_i = (x_i - x_j + shift) / d_ij = -d d_ij / d x_j, and zero at distance zero.
    const auto weights = (gradients[0].to(at::kDouble) / distances).masked_fill(distances.eq(0), 0);  // [B, B]
    const auto outgoing = weights.sum(1, /*keepdim=*/true), incoming = weights.sum(0).unsqueeze(1);   // [B, 1]
    const auto gradient =
        rows * (outgoing + incoming) - (weights + weights.t()).mm(rows) + shift * (outgoing - incoming);
    return {gradient.to(gradients[0].scalar_type()), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor gram_matrix(const torch::Tensor& x) { return GramMatrix::apply(x); }

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
  if (is_small_on_cpu(x)) return small_distances(x, squared_floor);
  const auto products = gram_matrix(x);
  const auto norms = products.diagonal();
  return distances_from(products, norms, norms, squared_floor);
}

torch::Tensor precise_distances(const torch::Tensor& a, const torch::Tensor& b, double shift) {
  const auto rows = a.to(at::kDouble), columns = b.to(at::kDouble);
  return shifted_distances(rows, columns, rows.mm(columns.t()), rows.square().sum(1), columns.square().sum(1), shift)
      .to(a.scalar_type());
}

torch::Tensor precise_distances(const torch::Tensor& x, double shift) { return DistancesOfRows::apply(x, shift); }

}  // namespace oodml::distances
