#pragma once

#include "core/job/sweep_plan.h"
#include "core/sweep/diagnostics.h"
#include "core/sweep/sweep.h"
#include "core/sweep/sweep_document.h"

namespace oodml::sweep {

/// Multiplies the blocks out, in the order of the axes as written (the first turns slowest), and builds each trial.
/// Nothing is multiplied when the product is over the limit; errors are in `diagnostics`.
void expand(const SweepDocument& document, const Limits& limits, job::SweepPlan& plan, Diagnostics& diagnostics);

}  // namespace oodml::sweep
