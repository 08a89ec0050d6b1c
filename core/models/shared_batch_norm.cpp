#include "core/models/shared_batch_norm.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

#include <utility>
#include <vector>

namespace oodml::models {
namespace {

using Group = std::shared_ptr<collective::Collective>;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// How a group travels from a forward to its backward pass.
struct HeldGroup final : torch::CustomClassHolder {
  explicit HeldGroup(Group held) : group(std::move(held)) {}
  Group group;
};

const std::vector<std::int64_t> kAllButChannels = {0, 2, 3};

std::int64_t values_per_channel(const torch::Tensor& images) { return images.numel() / images.size(1); }

/// Half precision is too short for sums.
torch::Tensor full_precision(const torch::Tensor& images) {
  return at::isReducedFloatingType(images.scalar_type()) ? images.to(torch::kFloat32) : images;
}

/// [C] as it is multiplied with images.
torch::Tensor by_channel(const torch::Tensor& figures) { return figures.view({1, -1, 1, 1}); }

struct Moments {
  torch::Tensor mean, variance;  ///< [C], of the whole batch; the variance is biased
};

Moments moments_of_batch(const torch::Tensor& images, collective::Collective& group) {
  const auto [variance, mean] = at::var_mean(full_precision(images), kAllButChannels, /*unbiased=*/false);
  const auto parts = group.gather(torch::stack({mean, variance}).unsqueeze(0));  // [ranks, 2, C]
  const auto means = parts.select(1, 0), variances = parts.select(1, 1);         // [ranks, C]
  const auto mean_of_all = means.mean(0);
  return {mean_of_all, (variances + (means - mean_of_all).square()).mean(0)};
}

class Normalise final : public torch::autograd::Function<Normalise> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& images, const torch::Tensor& weight,
                               const torch::Tensor& bias, const torch::Tensor& mean, const torch::Tensor& variance,
                               double eps, Group group) {
    context->save_for_backward({images, weight, mean, (variance + eps).rsqrt()});
    context->saved_data["group"] = c10::IValue::make_capsule(c10::make_intrusive<HeldGroup>(std::move(group)));
    return at::batch_norm(images, weight, bias, mean, variance, /*training=*/false, 0.0, eps,
                          at::globalContext().userEnabledCuDNN());
  }

  /// With x^ the normalised images and N values a channel in the whole batch:
  /// dx = w / std * (dy - sum(dy) / N - x^ * sum(dy * x^) / N), the sums over the whole batch.
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &images = saved[0], &weight = saved[1], &mean = saved[2], &inverse_std = saved[3];
    const auto held = c10::static_intrusive_pointer_cast<HeldGroup>(context->saved_data["group"].toCapsule());
    const auto dy = full_precision(gradients[0]);
    const auto normal = (full_precision(images) - by_channel(mean)) * by_channel(inverse_std);
    const auto sums = torch::stack({dy.sum(kAllButChannels), (dy * normal).sum(kAllButChannels)});  // [2, C]
    auto all = sums.clone();
    held->group->add_up(all);
    const auto count = static_cast<double>(values_per_channel(images) * held->group->size());
    const auto shares = all / count;
    const auto pulled = dy - by_channel(shares[0]) - normal * by_channel(shares[1]);
    const auto images_gradient = (pulled * by_channel(weight * inverse_std)).to(images.scalar_type());
    return {images_gradient, sums[1].to(weight.scalar_type()), sums[0].to(weight.scalar_type()), {}, {}, {}, {}};
  }
};

}  // namespace

torch::Tensor shared_batch_norm(const torch::Tensor& images, const BatchNormTensors& tensors, double momentum,
                                double eps, std::shared_ptr<collective::Collective> group) {
  Moments moments;
  {
    const torch::NoGradGuard no_grad;
    moments = moments_of_batch(images, *group);
    const auto count = static_cast<double>(values_per_channel(images) * group->size());
    tensors.running_mean.lerp_(moments.mean, momentum);
    tensors.running_var.lerp_(moments.variance * (count / (count - 1)), momentum);
  }
  return Normalise::apply(images, tensors.weight, tensors.bias, moments.mean, moments.variance, eps, std::move(group));
}

}  // namespace oodml::models
