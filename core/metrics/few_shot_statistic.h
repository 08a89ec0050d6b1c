#pragma once

#include <span>

namespace oodml::metrics {

struct FewShotStatistic {
  double mean = 0.0;        ///< NaN without episodes.
  double half_width = 0.0;  ///< Of the confidence interval; NaN with fewer than two episodes.
};

/// One metric over the episodes of a shot setting: mean and half-width t * sd / sqrt(n), sd unbiased, t the quantile of
/// Student's distribution with n - 1 degrees of freedom. 0 < confidence < 1.
/// Source: ooDML's few-shot evaluation; docs/metrics.md#few-shot-statistic.
FewShotStatistic few_shot_statistic(std::span<const double> episodes, double confidence = 0.95);

}  // namespace oodml::metrics
