#include "core/few_shot/episode_figures.h"

#include <limits>
#include <utility>

#include "core/base/csv_text.h"
#include "core/metrics/few_shot_statistic.h"

namespace oodml::few_shot {
namespace {

job::Metric figure(std::int64_t epoch, const std::string& set, std::string name, double value) {
  return {.epoch = epoch, .set = set, .embeds = "embeds", .name = std::move(name), .value = value};
}

metrics::FewShotStatistic over(const std::vector<EpisodeFigures>& episodes, std::size_t metric,
                               std::vector<double> EpisodeFigures::* values) {
  std::vector<double> found;
  for (const EpisodeFigures& episode : episodes) found.push_back((episode.*values).at(metric));
  return metrics::few_shot_statistic(found);
}

}  // namespace

std::vector<job::Metric> episode_metrics(const EpisodeFigures& figures, std::size_t number, std::int64_t epoch) {
  const std::string set = "episode-" + std::to_string(number);
  std::vector<job::Metric> told;
  for (std::size_t m = 0; m < figures.metrics.size(); ++m) {
    told.push_back(figure(epoch, set, "zero_shot." + figures.metrics[m], figures.zero[m]));
    told.push_back(figure(epoch, set, "few_shot." + figures.metrics[m], figures.few[m]));
  }
  return told;
}

std::vector<MetricSummary> summary_of(const std::vector<EpisodeFigures>& episodes) {
  std::vector<MetricSummary> summary;
  if (episodes.empty()) return summary;
  for (std::size_t m = 0; m < episodes.front().metrics.size(); ++m) {
    const auto zero = over(episodes, m, &EpisodeFigures::zero);
    const auto few = over(episodes, m, &EpisodeFigures::few);
    const double gain =
        zero.mean == 0.0 ? std::numeric_limits<double>::quiet_NaN() : (few.mean - zero.mean) / zero.mean;
    summary.push_back({episodes.front().metrics[m], zero.mean, zero.half_width, few.mean, few.half_width, gain});
  }
  return summary;
}

std::vector<job::Metric> summary_metrics(const std::vector<MetricSummary>& summary, std::int64_t epoch) {
  std::vector<job::Metric> told;
  for (const MetricSummary& row : summary) {
    told.push_back(figure(epoch, "test", "zero_shot." + row.metric, row.zero));
    told.push_back(figure(epoch, "test", "few_shot." + row.metric, row.few));
    told.push_back(figure(epoch, "test", "zero_shot_conf." + row.metric, row.zero_conf));
    told.push_back(figure(epoch, "test", "few_shot_conf." + row.metric, row.few_conf));
    told.push_back(figure(epoch, "test", "gain." + row.metric, row.gain));
  }
  return told;
}

std::string summary_table(const std::vector<MetricSummary>& summary) {
  std::string text = "Metric,Few-Shot Mean,Few-Shot Conf.,Zero-Shot Mean,Zero-Shot Conf.\n";
  for (const MetricSummary& row : summary) {
    text += row.metric;
    for (const double value : {row.few, row.few_conf, row.zero, row.zero_conf}) text += "," + csv_number(value);
    text += "\n";
  }
  return text;
}

}  // namespace oodml::few_shot
