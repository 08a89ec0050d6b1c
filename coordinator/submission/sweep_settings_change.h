#pragma once

#include "coordinator/service/sweep_settings.h"
#include "coordinator/submission/sweep_changes.h"

namespace oodml::coordinator::submission {

/// The transaction of priority and limits. `situations` are those of all trials that are not over, so that the queue
/// moves them at once; `changed` counts those. kPermissionDenied for a sweep of somebody else.
Result<Changed> change_settings(store::Connection& database, const SweepSettings& settings, Time now);

}  // namespace oodml::coordinator::submission
