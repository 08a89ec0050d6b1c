#pragma once

#include <string>
#include <vector>

#include "oodml/v1/sweeps.pb.h"
#include "tests/coordinator/cli/samples.h"

namespace oodml::cli {

/// Points of one figure, an epoch each from `first` on.
inline void add_course(v1::ReadMetricsReply& page, std::int64_t trial, const std::string& set, const std::string& name,
                       std::int64_t first, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    v1::Event& event = *page.add_points();
    event.set_trial_id(trial);
    event.set_attempt(1);
    event.set_sequence(page.points_size());
    event.set_time_millis(kNow);
    v1::Metric& metric = *event.mutable_metric();
    metric.set_epoch(first + static_cast<std::int64_t>(i));
    metric.set_set(set);
    metric.set_embeds("embeds");
    metric.set_name(name);
    metric.set_value(values[i]);
  }
}

}  // namespace oodml::cli
