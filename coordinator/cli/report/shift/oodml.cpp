#include <algorithm>
#include <iterator>
#include <utility>

#include "coordinator/cli/report/kinds.h"
#include "coordinator/cli/report/shift/curves.h"
#include "coordinator/cli/report/shift/grid.h"
#include "coordinator/cli/report/shift/progression.h"
#include "coordinator/cli/report/shift/scores.h"
#include "coordinator/cli/report/shift/structure.h"
#include "coordinator/cli/report/shift/tables.h"

namespace oodml::cli::report {
namespace {

bool any_has(const std::vector<ShiftGrid>& grids, const std::string& figure) {
  for (const ShiftGrid& grid : grids) {
    if (has_figure(grid, figure)) return true;
  }
  return false;
}

/// What people should know of all figures: doubtful cells, single seeds.
void note_doubts(const std::vector<ShiftGrid>& grids, Section& section) {
  for (const ShiftGrid& grid : grids) {
    std::ranges::copy(grid.doubts, std::back_inserter(section.missing));
    std::size_t most = 0;
    for (const auto& seeds : grid.seeds) most = std::max(most, seeds.size());
    if (most == 1)
      section.missing.push_back(grid.title + " has one seed a method: no deviations, intervals and p values");
  }
}

}  // namespace

Document make_oodml(const std::vector<Run>& runs, const ReportOptions& options) {
  const std::int64_t min_epochs = min_epochs_of(runs, options.min_epochs, 0);
  const std::vector<ShiftGrid> grids = shift_grids(runs, min_epochs, options);
  Document document{.title = "Generalisation under out-of-distribution shifts", .sections = {}};
  Section shifts = fid_progression(grids, options);
  std::ranges::move(missing_of(runs, min_epochs), std::back_inserter(shifts.missing));
  note_doubts(grids, shifts);
  document.sections.push_back(std::move(shifts));
  const std::string recall = "test:e_recall@1", map = "test:mAP_1000";
  document.sections.push_back(curves_over_shift(grids, "recall_over_fid", recall, options));
  document.sections.push_back(scores_over_shift(grids, "ags", recall, options));
  if (any_has(grids, map)) {
    document.sections.push_back(curves_over_shift(grids, "map_over_fid", map, options));
    document.sections.push_back(scores_over_shift(grids, "ags_map", map, options));
  }
  document.sections.push_back(structure_and_generalisation(grids, options));
  document.sections.push_back(shift_tables(grids, options));
  return document;
}

}  // namespace oodml::cli::report
