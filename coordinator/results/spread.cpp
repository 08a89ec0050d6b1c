#include "coordinator/results/spread.h"

#include "core/statistics/interval.h"
#include "core/statistics/moments.h"

namespace oodml::coordinator::results {

Spread spread_of(const std::vector<double>& values) {
  const statistics::Interval interval = statistics::t_interval(values);
  return {.n = static_cast<std::int64_t>(interval.n),
          .mean = statistics::mean(values),
          .sd = statistics::standard_deviation(values, statistics::Deviation::kSample),
          .half_width = (interval.high - interval.low) / 2.0};
}

}  // namespace oodml::coordinator::results
