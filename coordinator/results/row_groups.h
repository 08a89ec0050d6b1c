#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "coordinator/results/label_filter.h"
#include "coordinator/service/results.h"
#include "coordinator/store/sweep_table.h"

namespace oodml::coordinator::results {

/// What one figure is of: a trial, or all trials that differ in the label of one axis only.
struct Unit {
  std::set<TrialId> trials;
  bool is_complete = true;  ///< All succeeded.
};

struct RowGroup {
  ResultRow row;            ///< Labels, and n of n_expected units that are complete.
  std::vector<Unit> units;  ///< In the sweep's order. Cells of the matrix may share a trial: it is one unit.
};

/// The members that pass, by their labels of the axes `by`, in the sweep's order. `over`: the axis that units reach
/// over, not one of `by`; empty: units are trials.
std::vector<RowGroup> group_rows(const std::vector<store::Member>& members, const Filter& filter,
                                 const std::vector<std::string>& by, const std::string& over);

}  // namespace oodml::coordinator::results
