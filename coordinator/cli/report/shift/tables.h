#pragma once

#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/shift/grid.h"

namespace oodml::cli::report {

/// A table a benchmark: R@1, R@2, mAP, NMI (or ReportOptions::metrics) of every split and method, beside them R@1 at
/// the last epoch and, where runs have a validation set, at the epoch that it selects; the numbers behind it as CSV
/// with intervals and interquartile means; and the differences to the baseline at each split.
Section shift_tables(const std::vector<ShiftGrid>& grids, const ReportOptions& options);

}  // namespace oodml::cli::report
