#include "core/train/precision.h"

#include <ATen/autocast_mode.h>

#include <utility>

namespace oodml::train {

Autocast::Autocast(const torch::Device& device, Precision precision)
    : device_(device.type()), active_(precision != Precision::kFloat32) {
  if (!active_) return;
  type_before_ = at::autocast::get_autocast_dtype(device_);
  at::autocast::set_autocast_dtype(device_, precision == Precision::kBfloat16 ? at::kBFloat16 : at::kHalf);
  at::autocast::set_autocast_enabled(device_, true);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (!active_) return;
  at::autocast::decrement_nesting();
  at::autocast::clear_cache();  // the weights it holds in half precision are about to change
  at::autocast::set_autocast_enabled(device_, false);
  at::autocast::set_autocast_dtype(device_, type_before_);
}

torch::Tensor full_precision(torch::Tensor tensor) {
  if (!tensor.defined() || !at::isReducedFloatingType(tensor.scalar_type())) return tensor;
  return tensor.to(torch::kFloat32);
}

models::NetworkOutput full_precision(models::NetworkOutput output) {
  output.features = full_precision(std::move(output.features));
  output.avg_features = full_precision(std::move(output.avg_features));
  output.embeddings = full_precision(std::move(output.embeddings));
  for (auto& [name, embeddings] : output.heads) embeddings = full_precision(std::move(embeddings));
  return output;
}

models::NetworkOutput forward(models::Network& network, const torch::Tensor& images, bool warmup, Precision precision) {
  const Autocast autocast(images.device(), precision);
  return full_precision(network.forward(images, warmup));
}

}  // namespace oodml::train
