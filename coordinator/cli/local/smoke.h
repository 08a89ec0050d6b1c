#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "coordinator/cli/local/data_roots.h"
#include "coordinator/cli/session.h"
#include "core/job/sweep_plan.h"

namespace oodml::cli {

/// The shortest trial that goes through the same code as one of a row: one epoch of two steps on a few images of each
/// class, without files that people keep.
struct SmokeTrial {
  std::string row;  ///< "split=1 criterion=margin": the labels but the replicate axis's.
  job::TrialSpec spec;
};
/// One of each row, in the order of the plan.
std::vector<SmokeTrial> smoke_trials(const job::SweepPlan& plan);

/// What they read here.
struct SmokePlaces {
  const DataRoots& data;
  std::filesystem::path scripts;  ///< Folder of code; empty: this one.
  bool allow_scripts = false;
};

/// Runs them here, one after another, below a folder of their own that is removed when all is well: nothing of them
/// enters results. A line a row; the value is the exit code, kExitFailed when one failed and kExitInterrupted when the
/// person stopped it.
Result<int> run_smoke(Session& session, const job::SweepPlan& plan, const SmokePlaces& places);

}  // namespace oodml::cli
