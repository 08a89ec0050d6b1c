#pragma once

#include <vector>

#include "coordinator/service/census.h"
#include "coordinator/service/worker_view.h"
#include "coordinator/store/job_store.h"
#include "coordinator/submission/watch_hub.h"
#include "core/base/result.h"

namespace oodml::coordinator {

/// What the database, the workers and the watchers say; nothing of files that trials left.
Result<Census> take_census(store::JobStore& store, const std::vector<WorkerView>& workers,
                           const submission::WatchHub& hub);

}  // namespace oodml::coordinator
