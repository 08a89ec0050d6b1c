#pragma once

#include <vector>

#include "coordinator/service/estimate.h"
#include "coordinator/service/worker_view.h"
#include "coordinator/store/kind_table.h"
#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::submission {

/// How long `work` takes, from what like trials took on the devices there are, or on others of their make, or on any
/// where these have run none; and what its checkpoints take, from what like trials uploaded.
/// A kind that never ran is known by its network's seconds a step where the steps of its data are known.
Estimate estimate(store::Connection& database, const store::Work& work, const std::vector<WorkerView>& workers);

}  // namespace oodml::coordinator::submission
