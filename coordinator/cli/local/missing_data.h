#pragma once

#include "coordinator/cli/local/data_roots.h"
#include "core/base/result.h"
#include "core/sweep/sweep.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// kNotFound when trials of the plan need a benchmark, a split or weights that are not below these folders: a line for
/// each, with where it was looked for and how to get it. Trials that have a result already (`state`) need nothing.
Status check_data_is_here(const v1::PlanReply& plan, const DataRoots& roots);

/// Split ids for `split: all`, from the split files below the folder of benchmarks.
sweep::SplitIds split_ids_below(const DataRoots& roots);

}  // namespace oodml::cli
