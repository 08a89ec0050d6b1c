#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/client.h"
#include "coordinator/cli/report/runs.h"
#include "core/base/result.h"

namespace oodml::cli::report {

/// A sweep with all its trials.
struct SweepRuns {
  v1::SweepSummary sweep;
  std::vector<std::string> axes;
  std::vector<std::string> recipes;  ///< Of its trials, each once.
  std::vector<Run> runs;             ///< By trial.
};

/// Reads the courses of a sweep's trials page by page; `figures` as in v1::ReadCoursesRequest.
Result<SweepRuns> read_runs(Client& client, const v1::SweepRef& sweep, const std::vector<std::string>& figures);

/// The runs of all sweeps, a trial that several of them share once, as the first one has it.
std::vector<Run> joined_runs(std::vector<SweepRuns> sweeps);

/// Sets Run::method of a sweep's runs: the labels of the axes that tell methods apart, which are all but benchmark,
/// split, seed, group and the number of shots, as far as they have more than one label; where there is none, the
/// criterion.
void name_methods(std::vector<Run>& runs);

}  // namespace oodml::cli::report
