#pragma once

#include <cstddef>
#include <vector>

#include "coordinator/cli/local/data_roots.h"
#include "core/base/result.h"
#include "core/identity/data_reader.h"
#include "core/sweep/sweep.h"

namespace oodml::cli {

/// kNotFound when trials of the plan need a benchmark, a split or weights that are not below these folders: a line for
/// each, with where it was looked for and how to get it. `to_run`: what the trials read that have no result yet, of
/// `trials` in the plan.
Status check_data_is_here(const std::vector<identity::TrialReads>& to_run, std::size_t trials, const DataRoots& roots);

/// Split ids for `split: all`, from the split files below the folder of benchmarks.
sweep::SplitIds split_ids_below(const DataRoots& roots);

}  // namespace oodml::cli
