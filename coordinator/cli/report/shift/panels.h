#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/figure_words.h"
#include "coordinator/cli/report/shift/grid.h"
#include "coordinator/cli/report/summary.h"

namespace oodml::cli::report {

/// Whether the grid has two splits with a FID and runs with the figure; else what is missing goes to the section.
bool can_show_shift(const ShiftGrid& grid, const std::string& figure, Section& section);

/// An empty panel over the FID, with n of n_expected runs in its title and the default split marked.
figures::Panel shift_panel(const ShiftGrid& grid, const std::string& y_label);

/// Panels as figures of at most three columns, one row each: NAME, or NAME_1, NAME_2, ... Of one panel as wide as a
/// column of a paper with two, else as both together.
std::vector<figures::Figure> in_columns(const std::string& name, const std::string& caption,
                                        std::vector<figures::Panel> panels);

}  // namespace oodml::cli::report
