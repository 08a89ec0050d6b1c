#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/job/event.h"

namespace oodml::coordinator {

/// A place in the figures of a sweep's trials: after all of them up to this event.
struct MetricCursor {
  TrialId trial;
  AttemptEpoch attempt = 0;
  std::int64_t sequence = 0;
};

/// A page of figures, by trial, attempt and sequence.
struct MetricPage {
  std::vector<std::string> axes;                                 ///< Of the sweep; of one trial those of its labels.
  std::vector<job::Event> points;                                ///< Each with a metric.
  std::map<TrialId, std::map<std::string, std::string>> labels;  ///< Of the page's trials.
  std::optional<MetricCursor> next;                              ///< nullopt: there are no more.
};

}  // namespace oodml::coordinator
