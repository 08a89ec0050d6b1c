#pragma once

#include "coordinator/service/sweep_text.h"
#include "coordinator/submission/planner.h"

namespace oodml::coordinator {

/// Plans by sweep::plan_sweep; `split: all` stands for the ids that come with the text.
Result<job::SweepPlan> plan_sweep_text(const SweepText& text);

}  // namespace oodml::coordinator
