#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/types.h>

namespace oodml::models {

/// Dropout whose mask is a function of two buffers: `key`, drawn once, and `step`, the number of forward passes in
/// training. So a run that is resumed from a snapshot, on any device, drops the same entries, and nothing is drawn
/// from a global generator.
class Dropout final : public torch::nn::Module {
 public:
  /// `rate` of the entries become zero, the others are scaled by 1 / (1 - rate).
  Dropout(double rate, at::Generator generator);
  /// Any shape; in evaluation mode the input itself.
  torch::Tensor forward(const torch::Tensor& input);
  /// The input is from now on the `part`-th of equal parts of a batch, counted from 0, and gets that part's mask.
  void share_batches(std::int64_t part) { part_ = part; }

 private:
  double rate_;
  std::int64_t part_ = 0;
  torch::Tensor key_, step_;  ///< int64 scalars
};

}  // namespace oodml::models
