#pragma once

#include <vector>

#include "coordinator/store/event_table.h"
#include "coordinator/store/result_table.h"

namespace oodml::coordinator::results {

/// The figures of a trial from its courses, one for each series that has a point.
///
/// best: the value at the best epoch (core/catalogue/best_epoch.h). For figures of which more is not better (distances,
/// loss) it is the value at the epoch of the best e_recall@1 of the same set, else of the test set, else the last value
/// (docs/metrics.md#best-epoch). last: at the newest epoch. selected: at the epoch of the best e_recall@1 of the set
/// val, NaN when there is none. Few-shot figures (core/catalogue/few_shot.h) have one value, which is best and last; it
/// is of the epoch that the trial selected.
std::vector<store::Figures> figures_of(const std::vector<store::Curve>& curves);

}  // namespace oodml::coordinator::results
