#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/few_shot/results.h"

namespace oodml::cli::report::few_shot {

/// A row a benchmark, split, method and number of shots: the metric before and after with intervals over episodes and
/// over seeds, the relative change, n.
Table gain_table(const std::vector<Curve>& curves, const std::string& metric, const ReportOptions& options);

/// A row a trial, with its intervals over episodes.
Table trial_table(const std::vector<Curve>& curves, const std::string& metric);

/// Everything a reviewer asks of the metric after adapting and of the relative change.
Table statistics_table(const std::vector<Curve>& curves, const std::string& metric, Spread spread);

/// The metric after adapting, and the relative change, against the baseline with as many shots, into the section.
void add_differences(Section& section, const std::vector<Curve>& curves, const std::string& metric,
                     const std::string& baseline);

}  // namespace oodml::cli::report::few_shot
