#include "core/metrics/few_shot_statistic.h"

#include <limits>
#include <numeric>

#include "core/statistics/interval.h"

namespace oodml::metrics {

FewShotStatistic few_shot_statistic(std::span<const double> episodes, double confidence) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  FewShotStatistic statistic{kNaN, kNaN};
  const auto n = static_cast<double>(episodes.size());
  if (episodes.empty()) return statistic;
  statistic.mean = std::accumulate(episodes.begin(), episodes.end(), 0.0) / n;
  if (episodes.size() < 2) return statistic;
  double squares = 0.0;  // plainly summed, as the mean: figures of trials keep their bits
  for (const double value : episodes) squares += (value - statistic.mean) * (value - statistic.mean);
  statistic.half_width = statistics::t_half_width(squares / (n - 1.0), episodes.size(), confidence);
  return statistic;
}

}  // namespace oodml::metrics
