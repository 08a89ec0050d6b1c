#include "core/criteria/log_sum_exp.h"

#include <torch/csrc/autograd/custom_function.h>

#include <limits>

namespace oodml::criteria {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// log(one + sum exp z) over a masked set, one being 0 or 1. Its gradient, the share of each term in the sum, is known
/// in the forward pass, so that the backward pass is one product instead of a walk back through every operation.
class MaskedLogSumExp final : public torch::autograd::Function<MaskedLogSumExp> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& z,
                               const torch::Tensor& mask, std::int64_t dim, bool plus_one) {
    const auto terms = at::where(mask, z, -kInfinity);
    auto largest = terms.amax(dim, /*keepdim=*/true);
    // The 1 is one more term, exp(0). Without it an empty set has no largest term: its sum is taken as 1.
    largest = plus_one ? largest.clamp_min(0) : largest.masked_fill(largest.eq(-kInfinity), 0);
    auto shares = (terms - largest).exp_();
    auto total = shares.sum(dim, /*keepdim=*/true);
    total = plus_one ? total + largest.neg().exp() : total.masked_fill(total.eq(0), 1);
    context->save_for_backward({shares.div_(total)});
    context->saved_data["dim"] = dim;
    return (total.log() + largest).squeeze(dim);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto shares = context->get_saved_variables()[0];
    return {gradients[0].unsqueeze(context->saved_data["dim"].toInt()) * shares, {}, {}, {}};
  }
};

}  // namespace

torch::Tensor log1p_sum_exp(const torch::Tensor& z, const torch::Tensor& mask, std::int64_t dim) {
  return MaskedLogSumExp::apply(z, mask, dim, true);
}

torch::Tensor log1p_exp(const torch::Tensor& z) {
  // From here on exp(-z) is less than half of the last bit of z.
  const double identity_above = z.scalar_type() == torch::kFloat64 ? 40.0 : 20.0;
  return at::softplus(z, /*beta=*/1.0, identity_above);
}

torch::Tensor log_sum_exp(const torch::Tensor& z, const torch::Tensor& mask, std::int64_t dim) {
  return MaskedLogSumExp::apply(z, mask, dim, false);
}

}  // namespace oodml::criteria
