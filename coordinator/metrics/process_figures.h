#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace oodml::coordinator::metrics {

/// What Linux says of this process, under the names that every Prometheus client uses: `process_start_time_seconds`,
/// `process_cpu_seconds_total`, `process_resident_memory_bytes`, `process_open_fds`, `process_max_fds`,
/// `process_threads`. Those that cannot be read are left out.
std::vector<prometheus::MetricFamily> process_figures();

}  // namespace oodml::coordinator::metrics
