#pragma once

#include <torch/types.h>

#include <optional>

#include "core/models/backbone.h"

namespace oodml::train {

/// In what the network computes: parameters, embeddings and losses are float32 always.
enum class Precision { kFloat32, kBfloat16, kFloat16 };

/// While it lives, convolutions and matrix products of this thread on `device` run in `precision`. Never nested.
class Autocast {
 public:
  Autocast(const torch::Device& device, Precision precision);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  at::DeviceType device_;
  bool active_;
  at::ScalarType type_before_ = at::kFloat;
};

/// bfloat16 and float16 as float32; what has no half precision, or is undefined, as it is.
torch::Tensor full_precision(torch::Tensor tensor);
models::NetworkOutput full_precision(models::NetworkOutput output);

/// One pass of the network in `precision`, with float32 results.
models::NetworkOutput forward(models::Network& network, const torch::Tensor& images, bool warmup, Precision precision);

}  // namespace oodml::train
