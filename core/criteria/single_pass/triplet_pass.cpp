#include "core/criteria/single_pass/triplet_pass.h"

#include <torch/csrc/autograd/custom_function.h>

#include <utility>

#include "core/criteria/single_pass/eligible.h"
#include "core/criteria/single_pass/matrix_products.h"
#include "core/criteria/single_pass/row_kernels.h"

namespace oodml::criteria {
namespace {

class TripletLoss final : public torch::autograd::Function<TripletLoss> {
 public:
  struct Saved {
    torch::Tensor rows, slopes, anchor, positive, negative;
    float shift;
  };

  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x, const Saved& saved,
                               double value) {
    context->save_for_backward({saved.rows, saved.slopes, saved.anchor, saved.positive, saved.negative});
    context->saved_data["shift"] = static_cast<double>(saved.shift);
    return at::scalar_tensor(value, x.options());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    check_differentiated_once();
    const auto saved = context->get_saved_variables();
    const auto shift = static_cast<float>(context->saved_data["shift"].toDouble());
    const float twice = 2.0f * gradients[0].item<float>();
    const auto gradient = at::zeros_like(saved[0]);
    const std::int64_t dim = saved[0].size(1), size = saved[1].size(0);
    const auto* const rows = saved[0].const_data_ptr<float>();
    const auto* const slopes = saved[1].const_data_ptr<float>();
    const auto* const anchor = saved[2].const_data_ptr<std::int64_t>();
    auto* const to = gradient.mutable_data_ptr<float>();
    const RowKernels& kernels = row_kernels();
    for (std::int64_t k = 0; k < 2; ++k) {
      const auto* const other = saved[3 + k].const_data_ptr<std::int64_t>();
      for (std::int64_t t = 0; t < size; ++t) {
        if (slopes[2 * t + k] == 0.0f) continue;
        const std::int64_t a = anchor[t] * dim, b = other[t] * dim;
        kernels.spread(rows + a, rows + b, shift, twice * slopes[2 * t + k], dim, to + a, to + b);
      }
    }
    return {gradient, {}, {}};
  }
};

}  // namespace

std::optional<TripletPass> TripletPass::of(const torch::Tensor& x, const miners::Tuples& triplets, double shift) {
  if (!is_float_on_cpu(x)) return std::nullopt;
  const auto view = view_of(triplets, x.size(0));
  if (!view || view->size * x.size(1) > kMostMultiplications) return std::nullopt;
  TripletPass pass;
  pass.x_ = x;
  pass.contiguous_ = x.detach().contiguous();
  pass.slopes_ = at::zeros({view->size, 2}, at::kFloat);
  pass.triplets_ = triplets;
  pass.view_ = *view;
  pass.shift_ = static_cast<float>(shift);
  return pass;
}

float TripletPass::square(std::int64_t t, std::int64_t other) const {
  const std::int64_t dim = contiguous_.size(1);
  const float* const rows = contiguous_.const_data_ptr<float>();
  return row_kernels().squared_distance(rows + view_.anchor[t] * dim, rows + other * dim, shift_, dim);
}

void TripletPass::set_slopes(std::int64_t t, double of_positive, double of_negative) {
  float* const slopes = slopes_.mutable_data_ptr<float>() + 2 * t;
  slopes[0] = static_cast<float>(of_positive);
  slopes[1] = static_cast<float>(of_negative);
}

torch::Tensor TripletPass::loss(double value) && {
  return TripletLoss::apply(
      x_, TripletLoss::Saved{contiguous_, slopes_, triplets_.anchor, triplets_.positive, triplets_.negative, shift_},
      value);
}

}  // namespace oodml::criteria
