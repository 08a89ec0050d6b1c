#pragma once

#include <vector>

#include "coordinator/store/result_table.h"

namespace oodml::coordinator::results {

/// Figures of one series by trial. The trials of a sweep mostly have ids one after the other, so where one stands
/// follows from its id.
class FiguresByTrial {
 public:
  void add(const store::TrialFigures& found) { all_.push_back(found); }
  /// After the last of them.
  void settle();
  /// nullptr: nothing was measured.
  const store::Figures* find(TrialId trial) const;

 private:
  std::vector<store::TrialFigures> all_;
};

}  // namespace oodml::coordinator::results
