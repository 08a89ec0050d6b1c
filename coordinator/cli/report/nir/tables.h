#pragma once

#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/nir/results.h"

namespace oodml::cli::report::nir {

/// A row a setting: best test R@1, R@2, R@4, NMI and mAP@1000 (or `figures`), mean ± std over seeds, and n.
Table best_table(const std::vector<Setting>& settings, const std::vector<std::string>& figures,
                 const ReportOptions& options);

/// Everything a reviewer asks of these figures.
Table statistics_table(const std::vector<Setting>& settings, const std::vector<std::string>& figures,
                       const ReportOptions& options);

/// After how many epochs a setting reaches the best R@1 of the plain loss, seed by seed where both have the seed, else
/// against the mean of its bests: mean over the seeds that reach it, and how many do.
Table speed_table(const std::vector<Setting>& settings, Choice choice);

/// The figures against the plain loss, seed by seed, into the section.
void add_differences(Section& section, const std::vector<Setting>& settings, const std::vector<std::string>& figures,
                     const ReportOptions& options);

}  // namespace oodml::cli::report::nir
