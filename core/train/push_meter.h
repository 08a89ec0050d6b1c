#pragma once

#include <torch/types.h>

#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/models/tensor_file.h"
#include "core/train/parts.h"

namespace oodml::train {

/// Counts the triplets of an epoch in which a miner pushes two rows of one class apart (rho_distance), on the device.
/// With several such miners, one for each criterion inside of s2sd, a step counts the mean over them.
class PushMeter {
 public:
  /// Of the trial's miner, or those inside of its criterion; `parts` outlives this.
  PushMeter(const Parts& parts, const torch::Device& device);

  /// False when no miner of the trial ever does.
  bool counts() const { return !miners_.empty(); }
  /// What the miners found in the step that has just been mined.
  void add();

  /// "push_triplets", the mean over the steps of the epoch (NaN: none); nothing when it does not count. Starts over.
  /// Waits for the device. Source: docs/training.md#push-triplets.
  std::vector<std::pair<std::string, double>> finish_epoch();

  /// "sums"
  models::NamedTensors state() const { return {{"sums", sums_}}; }
  Status restore(const models::NamedTensors& state) {
    return models::copy_into(this->state(), state, "restore the number of push triplets");
  }

 private:
  std::vector<const miners::Miner*> miners_;
  torch::Tensor sums_;  ///< [2] float64: triplets, steps
};

}  // namespace oodml::train
