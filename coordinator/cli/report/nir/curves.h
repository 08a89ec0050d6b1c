#pragma once

#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/nir/results.h"

namespace oodml::cli::report::nir {

/// R@1 over epochs, a panel a benchmark, a curve a setting (mean over its seeds), plain losses dashed, with the best
/// R@1 of the plain loss as a line across.
void add_convergence_figure(Section& section, const std::vector<Setting>& settings, Choice choice);

}  // namespace oodml::cli::report::nir
