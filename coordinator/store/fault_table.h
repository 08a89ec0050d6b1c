#pragma once

#include <set>
#include <vector>

#include "coordinator/service/trial_views.h"
#include "coordinator/store/sqlite.h"
#include "core/base/ids.h"

namespace oodml::coordinator::store {

// What came of a trial on machines that could not run it, since it was last queued by hand. Attempts hold it.

/// By worker.
std::vector<MachineFaultView> machine_faults(Connection& database, TrialId trial);
/// The workers alone.
std::set<WorkerId> failed_on(Connection& database, TrialId trial);

}  // namespace oodml::coordinator::store
