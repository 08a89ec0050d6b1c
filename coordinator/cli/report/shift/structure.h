#pragma once

#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/shift/grid.h"

namespace oodml::cli::report {

/// Statistics of the training embedding (distances within and between classes, their ratio, decay of the spectrum,
/// uniformity where it was measured), read at the epoch of the run's chosen R@1, against that R@1: points of means by
/// method and split, Pearson's correlation over all of them, and over the methods at each split against its FID.
/// Source: Milbich et al., NeurIPS 2021, "structure of embedding spaces"; Roth et al., ICML 2020.
Section structure_and_generalisation(const std::vector<ShiftGrid>& grids, const ReportOptions& options);

}  // namespace oodml::cli::report
