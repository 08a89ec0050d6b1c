#pragma once

#include <prometheus/metric_family.h>

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/metrics/counters.h"
#include "coordinator/service/census.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::metrics {

/// What /metrics says: counters as they are, and how much there is of everything, which is counted anew at most once a
/// second and never for more than a twentieth of the time, however many ask. Safe from any thread.
class Exposition {
 public:
  using TakeCensus = std::function<Result<Census>()>;

  /// All outlive it.
  Exposition(const Counters& counters, TakeCensus take, const Clock& clock)
      : counters_(counters), take_(std::move(take)), clock_(clock) {}

  /// Prometheus' text format, version 0.0.4. Where the database cannot be counted, `oodml_database_up` is 0 and what
  /// would be counted is left out.
  std::string text();

 private:
  std::vector<prometheus::MetricFamily> counted();

  const Counters& counters_;
  const TakeCensus take_;
  const Clock& clock_;
  std::mutex mutex_;                                           // guards what follows; held while the census is taken
  std::optional<std::vector<prometheus::MetricFamily>> last_;  // none: nobody has asked yet
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace oodml::coordinator::metrics
