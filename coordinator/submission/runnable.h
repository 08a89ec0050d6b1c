#pragma once

#include <string>
#include <vector>

#include "coordinator/service/worker_view.h"
#include "core/job/sweep_plan.h"

namespace oodml::coordinator::submission {

/// What no connected worker could run as it is now, a line a reason. Nothing where there are no workers: they may come.
std::vector<std::string> not_runnable(const std::vector<WorkerView>& workers, const job::SweepPlan& plan);

}  // namespace oodml::coordinator::submission
