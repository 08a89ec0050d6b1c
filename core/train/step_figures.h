#pragma once

#include <torch/types.h>

#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/models/tensor_file.h"

namespace oodml::train {

/// Of all gradients together; both are float64 scalars on the gradients' device.
struct GradientStatistics {
  torch::Tensor l2;   ///< sqrt(mean(g^2)): the root mean square, which the references call L2 (quirk T27)
  torch::Tensor max;  ///< max |g|
};

/// Source: docs/training.md#gradient-statistics. Zeros when there are no gradients.
GradientStatistics gradient_statistics(const std::vector<torch::Tensor>& gradients, const torch::Device& device);

/// Sums over the updates of an epoch, on the device: gradient statistics and updates that were left out.
class StepFigures {
 public:
  explicit StepFigures(const torch::Device& device);

  /// `skip` as Optimizer::step takes it; the gradients of an update that is left out are not counted.
  void add(const GradientStatistics& gradients, const torch::Tensor& skip);
  void add_skipped(const torch::Tensor& skip);

  /// "grad_l2" and "grad_max", means over the updates that were made (NaN: none), if `with_gradients`; "skipped_steps"
  /// if `with_skipped`. Starts over. Waits for the device.
  std::vector<std::pair<std::string, double>> finish_epoch(bool with_gradients, bool with_skipped);

  /// "sums"
  models::NamedTensors state() const { return {{"sums", sums_}}; }
  Status restore(const models::NamedTensors& state) {
    return models::copy_into(this->state(), state, "restore the gradient statistics");
  }

 private:
  torch::Tensor sums_;  ///< [4] float64: l2, max, updates they are of, updates left out
};

}  // namespace oodml::train
