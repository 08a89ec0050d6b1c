#pragma once

#include "coordinator/cli/commands/commands.h"
#include "core/base/result.h"
#include "core/job/sweep_plan.h"

namespace oodml::cli {

/// What --metric and --by name is looked at before hours are spent, as far as it can be known then: trials also report
/// figures that nobody declares (train:loss), and a program of people's own reports what it likes.
Status check_table(const ResultsOptions& table, const job::SweepPlan& plan);

}  // namespace oodml::cli
