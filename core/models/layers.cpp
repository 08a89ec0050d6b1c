#include "core/models/layers.h"

#include <cmath>

namespace oodml::models {

Convolution::Convolution(Shape shape, at::Generator generator) : shape_(shape) {
  const double fan_out = static_cast<double>(shape.out * shape.kernel * shape.kernel);
  auto values = torch::empty({shape.out, shape.in, shape.kernel, shape.kernel});
  values.normal_(0.0, std::sqrt(2.0 / fan_out), generator);
  weight_ = register_parameter("weight", values);
}

torch::Tensor Convolution::forward(const torch::Tensor& images) const {
  return at::conv2d(images, weight_, {}, shape_.stride, shape_.padding);
}

BatchNorm::BatchNorm(std::int64_t channels, bool frozen) : frozen_(frozen) {
  weight_ = register_parameter("weight", torch::ones({channels}));
  bias_ = register_parameter("bias", torch::zeros({channels}));
  running_mean_ = register_buffer("running_mean", torch::zeros({channels}));
  running_var_ = register_buffer("running_var", torch::ones({channels}));
  num_batches_tracked_ = register_buffer("num_batches_tracked", torch::zeros({}, torch::kInt64));
  train(true);
}

torch::Tensor BatchNorm::forward(const torch::Tensor& images) {
  if (is_training()) num_batches_tracked_.add_(1);
  return at::batch_norm(images, weight_, bias_, running_mean_, running_var_, is_training(), 0.1, 1e-5,
                        at::globalContext().userEnabledCuDNN());
}

void BatchNorm::train(bool on) { torch::nn::Module::train(on && !frozen_); }

Linear::Linear(std::int64_t in, std::int64_t out, at::Generator generator) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(in));
  weight_ = register_parameter("weight", torch::empty({out, in}).uniform_(-bound, bound, generator));
  bias_ = register_parameter("bias", torch::empty({out}).uniform_(-bound, bound, generator));
}

torch::Tensor Linear::forward(const torch::Tensor& rows) const { return at::linear(rows, weight_, bias_); }

}  // namespace oodml::models
