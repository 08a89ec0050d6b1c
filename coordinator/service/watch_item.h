#pragma once

#include <variant>

#include "coordinator/service/sweep_views.h"
#include "coordinator/service/trial_views.h"
#include "core/job/event.h"

namespace oodml::coordinator {

/// What a watcher is told: a sweep whose counts changed, a trial whose state changed, an event.
using WatchItem = std::variant<SweepView, TrialView, job::Event>;

}  // namespace oodml::coordinator
