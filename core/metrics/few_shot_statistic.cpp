#include "core/metrics/few_shot_statistic.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/student_t.h"

namespace oodml::metrics {

FewShotStatistic few_shot_statistic(std::span<const double> episodes, double confidence) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  FewShotStatistic statistic{kNaN, kNaN};
  const auto n = static_cast<double>(episodes.size());
  if (episodes.empty()) return statistic;
  statistic.mean = std::accumulate(episodes.begin(), episodes.end(), 0.0) / n;
  if (episodes.size() < 2) return statistic;
  double squares = 0.0;
  for (const double value : episodes) squares += (value - statistic.mean) * (value - statistic.mean);
  const double t = student_t_quantile((1.0 + confidence) / 2.0, n - 1.0);
  statistic.half_width = t * std::sqrt(squares / (n - 1.0) / n);
  return statistic;
}

}  // namespace oodml::metrics
