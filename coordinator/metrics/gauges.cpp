#include "coordinator/metrics/gauges.h"

#include <chrono>
#include <map>
#include <string>

namespace oodml::coordinator::metrics {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;
using ByState = std::map<std::string, std::int64_t>;

/// `states`: those that are named even where there are none.
MetricFamily by_state(const char* name, const char* help, ByState counts, const std::vector<const char*>& states) {
  for (const char* state : states) counts.try_emplace(state, 0);
  MetricFamily family{.name = name, .help = help, .type = MetricType::Gauge, .metric = {}};
  for (const auto& [state, count] : counts) {
    prometheus::ClientMetric metric;
    metric.label = {{"state", state}};
    metric.gauge.value = static_cast<double>(count);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

ByState by_name(const StateCounts& counts) {
  return {{"queued", counts.queued},      {"running", counts.running}, {"backoff", counts.backoff},
          {"paused", counts.paused},      {"failed", counts.failed},   {"cancelled", counts.cancelled},
          {"succeeded", counts.succeeded}};
}

}  // namespace

MetricFamily single(const char* name, const char* help, double value, MetricType type) {
  MetricFamily family{.name = name, .help = help, .type = type, .metric = {}};
  prometheus::ClientMetric metric;
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  family.metric.push_back(std::move(metric));
  return family;
}

std::vector<MetricFamily> gauges_of(const Census& census) {
  const auto count = [](const char* name, const char* help, std::int64_t value) {
    return single(name, help, static_cast<double>(value));
  };
  const double oldest = std::chrono::duration<double>(census.writer.oldest).count();
  return {
      by_state("oodml_sweeps", "Sweeps by state", census.sweeps,
               {"running", "paused", "finished", "cancelled", "archived"}),
      by_state("oodml_trials", "Trials by state, each once however many sweeps have it", by_name(census.trials), {}),
      by_state("oodml_workers", "Workers by state", census.workers,
               {"ready", "set aside", "draining", "left", "not answering", "lost"}),
      count("oodml_slots", "Slots of the workers that answer", census.slots),
      count("oodml_slots_set_aside", "Those of them that take no trial, for a reason that oodml workers tells",
            census.slots_aside),
      count("oodml_slots_busy", "Those of them that run a trial", census.busy_slots),
      count("oodml_watchers", "Subscriptions to what changes that are open", census.watchers),
      count("oodml_writer_waiting", "Changes that wait for the disk or are being written", census.writer.commands),
      single("oodml_writer_lag_seconds", "How long the oldest change has waited for the disk", oldest),
      count("oodml_log_pages", "Pages of the write-ahead log after the newest commit", census.writer.log_pages),
      count("oodml_database_bytes", "Size of the database", census.database_bytes),
      count("oodml_disk_free_bytes", "What is free on the disk of the database", census.disk_free_bytes),
      count("oodml_artifact_bytes", "Contents of files that trials left", census.artifact_bytes)};
}

}  // namespace oodml::coordinator::metrics
