#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/job/event.h"

namespace oodml::few_shot {

/// What was measured of one episode, by metric in the order asked for: those that are numbers.
struct EpisodeFigures {
  std::vector<std::string> metrics;
  std::vector<double> zero, few;  ///< Before and after the adaptation, one a metric; may be NaN.
  friend bool operator==(const EpisodeFigures&, const EpisodeFigures&) = default;
};

/// zero_shot.M and few_shot.M of the set episode-N, after `epoch` epochs of training.
std::vector<job::Metric> episode_metrics(const EpisodeFigures& figures, std::size_t number, std::int64_t epoch);

/// One metric over the episodes.
struct MetricSummary {
  std::string metric;
  double zero = 0.0, zero_conf = 0.0;  ///< Mean, and half-width of the 95 % t-interval (NaN of one episode).
  double few = 0.0, few_conf = 0.0;
  double gain = 0.0;  ///< (few - zero) / zero of the means; NaN where zero is 0.
};
/// Source: docs/few_shot.md#figures. Every episode has the same metrics.
std::vector<MetricSummary> summary_of(const std::vector<EpisodeFigures>& episodes);

/// zero_shot.M, few_shot.M, zero_shot_conf.M, few_shot_conf.M and gain.M of the set test.
std::vector<job::Metric> summary_metrics(const std::vector<MetricSummary>& summary, std::int64_t epoch);

/// test_summary.txt, as the references name and order it: CSV with a row a metric.
std::string summary_table(const std::vector<MetricSummary>& summary);

}  // namespace oodml::few_shot
