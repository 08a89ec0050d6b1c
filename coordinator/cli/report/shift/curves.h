#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/shift/grid.h"

namespace oodml::cli::report {

/// A figure (Run::courses) against the FID of the splits: a curve a method with error bars, the default split marked;
/// below it the difference of each method to the mean of all at the same split, with its least-squares line. Where a
/// method has no value at a split, that split has no differences. `name` begins the files' names.
/// Source: Milbich et al., NeurIPS 2021, figures 4 and 5.
Section curves_over_shift(const std::vector<ShiftGrid>& grids, const std::string& name, const std::string& figure,
                          const ReportOptions& options);

}  // namespace oodml::cli::report
