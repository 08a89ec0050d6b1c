#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "coordinator/results/label_filter.h"
#include "coordinator/results/member_columns.h"
#include "coordinator/service/results.h"

namespace oodml::coordinator::results {

/// What one figure is of: a trial, or all trials that differ in the label of one axis only.
struct Unit {
  std::span<const std::uint32_t> members;  ///< By trial, each once.
  bool is_complete = true;                 ///< All succeeded.
};

struct RowGroup {
  ResultRow row;  ///< Labels, and n of n_expected units that are complete.

  /// In the sweep's order. Cells of the matrix may share a trial: it is one unit.
  std::size_t size() const { return complete.size(); }
  Unit unit(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return {.members = std::span(members).subspan(begin, ends[i] - begin), .is_complete = complete[i]};
  }

  std::vector<std::uint32_t> members;  ///< Of one unit after the other.
  std::vector<std::uint32_t> ends;     ///< Of each unit, in members.
  std::vector<bool> complete;          ///< Of each unit.
};

/// The members that pass, by their labels of the axes `by`, in the sweep's order. `over`: the axis that units reach
/// over, not one of `by`; empty: units are trials.
std::vector<RowGroup> group_rows(const MemberColumns& members, const Filter& filter, const std::vector<std::string>& by,
                                 const std::string& over);

}  // namespace oodml::coordinator::results
