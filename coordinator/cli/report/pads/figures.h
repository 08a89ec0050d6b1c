#pragma once

#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/pads/results.h"

namespace oodml::cli::report::pads {

/// Of a learned sampler: its histogram over epochs, coloured linearly and by logarithm, and the first and the last one
/// as steps.
void add_sampling_figure(Section& section, const Method& method);

/// R@1 of all methods of a benchmark as lying bars, learned and fixed ones in two colours, the best at the top.
void add_bars(Section& section, const std::vector<Method>& methods, const ReportOptions& options);

}  // namespace oodml::cli::report::pads
