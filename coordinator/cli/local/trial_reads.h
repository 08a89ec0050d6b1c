#pragma once

#include <vector>

#include "core/identity/data_reader.h"
#include "core/job/sweep_plan.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// What of a machine's disk each trial of a plan reads.
std::vector<identity::TrialReads> reads_of(const job::SweepPlan& plan);
/// The same of a coordinator's plan, without the trials that have a result already: they need nothing.
std::vector<identity::TrialReads> reads_of(const v1::PlanReply& plan);

}  // namespace oodml::cli
