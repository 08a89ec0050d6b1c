#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/models/tensor_file.h"

namespace oodml::pads {

struct StateOptions {
  std::int64_t metric_history = 10;                     ///< H: metric vectors that the policy sees one by one.
  std::vector<std::int64_t> run_avgs = {2, 8, 16, 32};  ///< Windows of the running means, newest vectors.
  bool run_avgs_no_avg = false;                         ///< The oldest vector of each window instead of its mean.
  std::int64_t parameter_history = 1;                   ///< Normalised histograms that the policy sees, 1 or more.
};

/// Length of the state: (H + windows) * metrics + bins * parameter_history + 1.
std::int64_t state_size(const StateOptions& options, std::int64_t metrics, std::int64_t bins);

/// What the policy has seen so far, and the state that it acts on (docs/samplers.md#pads):
///   the last H metric vectors, oldest first | of each window the mean of the vectors there are in it |
///   the last histograms, oldest first | the share of the run that is over.
class StateHistory {
 public:
  explicit StateHistory(StateOptions options) : options_(std::move(options)) {}

  /// Takes in what was measured, metrics [n_m], and the histogram sampled with until now, probabilities [bins]. The
  /// first call fills the history with copies.
  void observe(const torch::Tensor& metrics, const torch::Tensor& probabilities);
  /// [state_size] float32, of what was observed last; `progress` in [0, 1].
  torch::Tensor state(double progress) const;

  /// "metrics" [n, n_m] and "histograms" [n, bins]; nothing before the first call.
  models::NamedTensors tensors() const;
  /// kInvalidArgument for anything that tensors() does not give.
  Status restore(const models::NamedTensors& tensors);

 private:
  StateOptions options_;
  torch::Tensor metrics_, histograms_;  ///< Double, oldest first.
};

}  // namespace oodml::pads
