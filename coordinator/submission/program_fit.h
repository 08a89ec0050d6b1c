#pragma once

#include <vector>

#include "coordinator/service/worker_view.h"
#include "core/base/result.h"
#include "core/job/sweep_plan.h"

namespace oodml::coordinator::submission {

/// Whether the trials of programs of people's own have parameters that some connected worker's program takes.
/// kInvalidArgument names the first that all workers with the program refuse, and what it takes. A program that no
/// worker announces, or whose parameters are free somewhere, refuses nothing.
Status check_programs(const job::SweepPlan& plan, const std::vector<WorkerView>& workers);

}  // namespace oodml::coordinator::submission
