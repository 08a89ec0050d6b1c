#include "core/criteria/single_pass/pair_pass.h"

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <utility>

#include "core/criteria/single_pass/eligible.h"
#include "core/criteria/single_pass/matrix_products.h"
#include "core/criteria/single_pass/row_kernels.h"

namespace oodml::criteria {
namespace {

/// weights + weights^T, in place: [n, n].
void add_mirrored(float* weights, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    weights[i * n + i] *= 2;
    for (std::int64_t j = i + 1; j < n; ++j) weights[i * n + j] = weights[j * n + i] += weights[i * n + j];
  }
}

/// The scalar whose gradient is upstream * (weights x + beside + moved), the last for all coordinates of a row.
class PairLoss final : public torch::autograd::Function<PairLoss> {
 public:
  struct Saved {
    torch::Tensor rows, weights, beside, moved;
  };

  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x, const Saved& saved,
                               double value) {
    context->save_for_backward({saved.rows, saved.weights, saved.beside, saved.moved});
    return at::scalar_tensor(value, x.options());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    check_differentiated_once();
    const auto saved = context->get_saved_variables();
    const auto &rows = saved[0], &beside = saved[2], &moved = saved[3];
    const float upstream = gradients[0].item<float>();
    const auto weights = upstream == 1.0f ? saved[1] : saved[1] * upstream;
    auto gradient = at::empty_like(rows);
    multiply_vectors({weights.const_data_ptr<float>(), rows.size(0), rows.size(0)},
                     {rows.const_data_ptr<float>(), rows.size(1), rows.size(0), /*are_columns=*/true},
                     gradient.mutable_data_ptr<float>());
    if (beside.defined()) gradient.add_(beside, upstream);
    if (moved.defined()) gradient.add_(moved, upstream);
    return {gradient, {}, {}};
  }
};

}  // namespace

std::optional<PairPass> PairPass::of(const torch::Tensor& x) {
  if (!is_float_on_cpu(x) || x.size(0) * x.size(0) * x.size(1) > kMostMultiplications) return std::nullopt;
  PairPass pass;
  pass.x_ = x;
  pass.rows_ = x.size(0);
  pass.products_ = std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(pass.rows_ * pass.rows_));
  pass.contiguous_ = x.detach().contiguous();
  multiply_with_itself({pass.contiguous_.const_data_ptr<float>(), x.size(0), x.size(1)}, pass.products_.get());
  for (std::int64_t i = 0; i < pass.rows_; ++i) {
    if (!is_usual_square(pass.squared_length(i))) return std::nullopt;
  }
  pass.weights_ = at::zeros({pass.rows_, pass.rows_}, x.options().requires_grad(false));
  pass.derivatives_ = pass.weights_.mutable_data_ptr<float>();
  return pass;
}

float* PairPass::beside() {
  if (!beside_.defined()) beside_ = at::zeros_like(contiguous_);
  return beside_.mutable_data_ptr<float>();
}

double PairPass::add_mean_length(double weight) {
  double sum = 0.0;
  for (std::int64_t i = 0; i < rows_; ++i) {
    const double length = std::sqrt(static_cast<double>(squared_length(i)));
    sum += length;
    derivatives(i)[i] += static_cast<float>(weight / (2 * length * static_cast<double>(rows_)));
  }
  return weight * sum / static_cast<double>(rows_);
}

Cosines::Cosines(const PairPass& pass) : derivatives_(pass.rows() * pass.rows()) {
  for (std::int64_t i = 0; i < pass.rows(); ++i) inverse_.push_back(1.0f / std::sqrt(pass.squared_length(i)));
}

void Cosines::add_to(PairPass& pass) {
  const RowKernels& kernels = row_kernels();
  const std::int64_t b = pass.rows();
  std::vector<float> scaled(b), radial(b);  // radial_i: sum of derivative * cosine over the pairs of i
  for (std::int64_t i = 0; i < b; ++i) {
    kernels.line(derivatives(i), inverse_.data(), inverse_[i], 0.0f, b, scaled.data());
    kernels.add_scaled(pass.derivatives(i), scaled.data(), 1.0f, b);
    kernels.add_weighted(radial.data(), scaled.data(), pass.products(i), 1.0f, b);
    radial[i] += kernels.dot(scaled.data(), pass.products(i), b);
  }
  for (std::int64_t i = 0; i < b; ++i) pass.derivatives(i)[i] -= radial[i] / (2 * pass.squared_length(i));
}

torch::Tensor PairPass::loss(double value, const std::vector<float>& moved) && {
  add_mirrored(derivatives_, rows_);
  const auto column = moved.empty() ? torch::Tensor() : at::tensor(moved).unsqueeze(1);  // [B, 1]
  return PairLoss::apply(x_, PairLoss::Saved{contiguous_, weights_, beside_, column}, value);
}

}  // namespace oodml::criteria
