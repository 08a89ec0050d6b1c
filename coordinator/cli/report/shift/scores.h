#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/shift/grid.h"

namespace oodml::cli::report {

/// The generalisation score of a figure of each seed of a method, over the grid's splits with a FID; NaN where a seed
/// lacks a value at one of them. Source: core/statistics/generalisation_score.h.
std::map<std::int64_t, double> scores_by_seed(const ShiftGrid& grid, std::size_t method, const std::string& figure,
                                              Choice choice);

/// The scores as bars, one a method, and as a table; where there is a baseline, with the differences to it, seed by
/// seed. `figure` as in Run::courses; `name` begins the files' names.
Section scores_over_shift(const std::vector<ShiftGrid>& grids, const std::string& name, const std::string& figure,
                          const ReportOptions& options);

}  // namespace oodml::cli::report
