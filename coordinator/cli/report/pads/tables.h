#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/pads/results.h"

namespace oodml::cli::report::pads {

/// Methods of one benchmark: the figures, mean ± std over seeds, the mean epoch that they are of, and n.
Table best_table(const std::vector<Method>& methods, const std::vector<std::string>& figures,
                 const ReportOptions& options);

/// Everything a reviewer asks of these figures.
Table statistics_table(const std::vector<Method>& methods, const std::vector<std::string>& figures,
                       const ReportOptions& options);

/// Against the baseline, seed by seed, into the section.
void add_differences(Section& section, const std::vector<Method>& methods, const std::vector<std::string>& figures,
                     const ReportOptions& options);

}  // namespace oodml::cli::report::pads
