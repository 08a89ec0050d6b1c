#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/few_shot/results.h"

namespace oodml::cli::report::few_shot {

/// One figure a benchmark, a panel a method and number of shots: the metric before (dashed) and after adapting against
/// the FID with intervals over seeds (of one seed: over episodes), and on the right axis the relative change with its
/// least-squares line. Splits without FID are left out.
/// Source: Milbich et al., NeurIPS 2021, few-shot generalisation; docs/statistics.md#few-shot.
void add_gain_figures(Section& section, const std::vector<Curve>& curves, const std::string& metric,
                      const ReportOptions& options);

}  // namespace oodml::cli::report::few_shot
