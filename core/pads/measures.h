#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace oodml::pads {

/// What the policy is shown of the validation set, and rewarded for.
struct MeasureOptions {
  std::vector<std::string> state_metrics = {"recall", "nmi", "dists"};  ///< Also svd; in the order of the state.
  std::vector<std::int64_t> k_vals = {1, 2, 4, 8};                      ///< Of recall, one or more.
  std::int64_t reward_type = 2;  ///< 0: nmi, 1: recall at the first k, 2: the mean of both.
};

/// Every metric that is measured, each once, as core/metrics names them: first those of the state, in its order.
std::vector<std::string> metric_names(const MeasureOptions& options);
/// Length of the state's part.
std::int64_t metric_count(const MeasureOptions& options);
/// Of values in the order of metric_names(): those of the state, [metric_count] double.
torch::Tensor state_metrics(const MeasureOptions& options, const std::vector<double>& values);
/// Of values in the order of metric_names(): what the reward is the change of.
double score(const MeasureOptions& options, const std::vector<double>& values);

/// Scores of an update, oldest first: sum of 0.7^age score (docs/samplers.md#pads).
double supported_score(const std::vector<double>& scores);

}  // namespace oodml::pads
