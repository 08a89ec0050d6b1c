#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "coordinator/service/census.h"

namespace oodml::coordinator::metrics {

/// How much there is of everything. Every state is named, those without anything with 0: a line that goes away is a gap
/// in a graph.
std::vector<prometheus::MetricFamily> gauges_of(const Census& census);

/// A family without labels.
prometheus::MetricFamily single(const char* name, const char* help, double value,
                                prometheus::MetricType type = prometheus::MetricType::Gauge);

}  // namespace oodml::coordinator::metrics
