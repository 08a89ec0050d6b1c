#pragma once

#include <functional>

#include "coordinator/service/sweep_text.h"
#include "core/base/result.h"
#include "core/job/sweep_plan.h"

namespace oodml::coordinator::submission {

/// A sweep's text -> its exact trials; sweep::plan_sweep, or a test's own. Called from any thread.
using Planner = std::function<Result<job::SweepPlan>(const SweepText&)>;

}  // namespace oodml::coordinator::submission
