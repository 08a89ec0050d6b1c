#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::train {

/// How a sampling policy changed its histogram over a run: a row an update (docs/results.md#sampling-progression).
struct SamplingProgression {
  struct Row {
    std::int64_t iteration = 0;  ///< Training steps finished when the update was made.
    std::int64_t epoch = 0;      ///< In which it was made, from 1 on.
    double score = 0.0;          ///< Of the validation set.
    double reward = 0.0;         ///< Sign of the score's change: -1, 0 or 1; 0 at the first update.
    std::vector<double> bins;    ///< Probabilities after the update.
    std::vector<double> raw;     ///< The same, not normalised.
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::vector<Row> rows;
  friend bool operator==(const SamplingProgression&, const SamplingProgression&) = default;

  /// [rows, 4 + 2 bins] double.
  torch::Tensor tensor() const;
  /// kInvalidArgument for a tensor that is none of these.
  static Result<SamplingProgression> of_tensor(const torch::Tensor& tensor);
  /// iteration,epoch,score,reward,bin_0,...,raw_0,...: numbers that read back bit for bit.
  std::string csv() const;
};

}  // namespace oodml::train
