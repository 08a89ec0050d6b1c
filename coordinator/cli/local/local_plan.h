#pragma once

#include "core/base/result.h"
#include "core/job/sweep_plan.h"
#include "core/sweep/sweep.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// The plan without a coordinator. Split ids that `split: all` asked for are put into `text`, for a coordinator that
/// cannot look for them.
Result<job::SweepPlan> plan_here(v1::SweepText& text, const sweep::SplitIds& split_ids);

/// As a coordinator would answer. What is new is not known here, so every trial counts as new.
v1::PlanReply reply_of(const job::SweepPlan& plan, bool with_trials);

}  // namespace oodml::cli
