#pragma once

#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/options.h"

namespace oodml::cli::report {

/// A line a run and figure, whatever the run's state: the value by the chosen rule and the epoch it is of. So that
/// others can make figures of their own of what a report is made of. Numbers read back as they are.
Table run_values(const std::vector<Run>& runs, const ReportOptions& options);

}  // namespace oodml::cli::report
