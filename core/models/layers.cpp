#include "core/models/layers.h"

#include <cmath>

#include "core/models/shared_batch_norm.h"

namespace oodml::models {
namespace {

double normal_deviation(const Convolution::Shape& shape, Start start) {
  if (start == Start::kSmall) return 0.01;
  const std::int64_t outputs = start == Start::kGroupFanOut ? shape.out / shape.groups : shape.out;
  return std::sqrt(2.0 / static_cast<double>(outputs * shape.kernel * shape.kernel));
}

/// Filters with mean 0 and variance 1, differentiable: batch norm over each filter's own entries.
torch::Tensor standardized(const torch::Tensor& weight) {
  const auto rows = weight.reshape({1, weight.size(0), -1});
  return at::batch_norm(rows, {}, {}, {}, {}, /*training=*/true, 0.0, 1e-8, /*cudnn_enabled=*/false).view_as(weight);
}

}  // namespace

Convolution::Convolution(Shape shape, at::Generator generator, Start start) : shape_(shape) {
  auto weight = torch::empty({shape.out, shape.in / shape.groups, shape.kernel, shape.kernel});
  auto bias = shape.bias ? torch::zeros({shape.out}) : torch::Tensor();
  if (start == Start::kFanIn) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(weight[0].numel()));
    weight.uniform_(-bound, bound, generator);
    if (shape.bias) bias.uniform_(-bound, bound, generator);
  } else {
    weight.normal_(0.0, normal_deviation(shape, start), generator);
  }
  weight_ = register_parameter("weight", weight);
  if (shape.bias) bias_ = register_parameter("bias", bias);
}

torch::Tensor Convolution::forward(const torch::Tensor& images) const {
  const auto weight = shape_.standardized ? standardized(weight_) : weight_;
  return at::conv2d(images, weight, bias_, shape_.stride, shape_.padding, /*dilation=*/1, shape_.groups);
}

BatchNorm::BatchNorm(std::int64_t channels, bool frozen, double eps) : frozen_(frozen), eps_(eps) {
  weight_ = register_parameter("weight", torch::ones({channels}));
  bias_ = register_parameter("bias", torch::zeros({channels}));
  running_mean_ = register_buffer("running_mean", torch::zeros({channels}));
  running_var_ = register_buffer("running_var", torch::ones({channels}));
  num_batches_tracked_ = register_buffer("num_batches_tracked", torch::zeros({}, torch::kInt64));
  train(true);
}

torch::Tensor BatchNorm::forward(const torch::Tensor& images) {
  if (!is_training()) return normed(with_running_figures(), images, {}, Then::kNothing);
  num_batches_tracked_.add_(1);
  if (group_) return shared_batch_norm(images, {weight_, bias_, running_mean_, running_var_}, 0.1, eps_, group_);
  return at::batch_norm(images, weight_, bias_, running_mean_, running_var_, /*training=*/true, 0.1, eps_,
                        at::globalContext().userEnabledCuDNN());
}

torch::Tensor BatchNorm::rectified(const torch::Tensor& images, const torch::Tensor& shortcut) {
  if (!is_training()) return normed(with_running_figures(), images, shortcut, Then::kRectify);
  auto result = forward(images);
  if (shortcut.defined()) result.add_(shortcut);
  return result.relu_();
}

torch::Tensor BatchNorm::pooled(const torch::Tensor& images) {
  if (!is_training()) return normed_and_pooled(with_running_figures(), images);
  return at::max_pool2d(rectified(images), 3, 2, 1);
}

void BatchNorm::train(bool on) { torch::nn::Module::train(on && !frozen_); }

GroupNorm::GroupNorm(std::int64_t channels) {
  weight_ = register_parameter("weight", torch::ones({channels}));
  bias_ = register_parameter("bias", torch::zeros({channels}));
}

torch::Tensor GroupNorm::forward(const torch::Tensor& images) const {
  return at::group_norm(images, /*num_groups=*/32, weight_, bias_, 1e-5);
}

Linear::Linear(std::int64_t in, std::int64_t out, at::Generator generator, Start start) {
  auto weight = torch::empty({out, in});
  auto bias = torch::zeros({out});
  if (start == Start::kFanOut) {
    weight.normal_(0.0, std::sqrt(2.0 / static_cast<double>(out)), generator);
  } else {
    const double bound = 1.0 / std::sqrt(static_cast<double>(in));
    weight.uniform_(-bound, bound, generator);
    bias.uniform_(-bound, bound, generator);
  }
  weight_ = register_parameter("weight", weight);
  bias_ = register_parameter("bias", bias);
}

torch::Tensor Linear::forward(const torch::Tensor& rows) const { return at::linear(rows, weight_, bias_); }

std::shared_ptr<Convolution> LayerMaker::convolution(torch::nn::Module& owner, const std::string& name,
                                                     Convolution::Shape shape) const {
  return owner.register_module(name, std::make_shared<Convolution>(shape, generator, start));
}

std::shared_ptr<BatchNorm> LayerMaker::norm(torch::nn::Module& owner, const std::string& name,
                                            std::int64_t channels) const {
  return owner.register_module(name, std::make_shared<BatchNorm>(channels, frozen, eps));
}

}  // namespace oodml::models
