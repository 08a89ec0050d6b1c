#pragma once

#include "coordinator/service/scripts.h"
#include "coordinator/service/submission.h"
#include "coordinator/service/sweep_text.h"
#include "coordinator/store/script_table.h"
#include "core/base/result.h"
#include "core/job/sweep_plan.h"

namespace oodml::coordinator::submission {

/// Whether the trials' code may be submitted: by who has the right, with its files in the store or, where the text says
/// so, on workers. The sizes of those in the store, which stay there until the trials have their names.
/// kPermissionDenied says who grants the right and how; kFailedPrecondition names the first file that did not come.
Result<store::ScriptSizes> check_scripts(const job::SweepPlan& plan, const SweepText& text,
                                         const SubmitOptions& options, ScriptFiles& files);

}  // namespace oodml::coordinator::submission
