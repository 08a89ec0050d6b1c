#pragma once

#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/shift/grid.h"

namespace oodml::cli::report {

/// FID against the number of exchanged pairs, the default split marked, splits that leave classes out as bars beside
/// the largest exchange: of --splits where it is given, else of the FIDs that trials reported, whose place in the
/// published progression is known, else their order. Source: Milbich et al., NeurIPS 2021, figure 2.
Section fid_progression(const std::vector<ShiftGrid>& grids, const ReportOptions& options);

}  // namespace oodml::cli::report
