#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "coordinator/results/member_columns.h"
#include "coordinator/results/row_groups.h"
#include "coordinator/service/results.h"

namespace oodml::coordinator::results {

/// In the place of a series that was never measured.
inline constexpr std::int64_t kNoSeries = -1;

/// All series that members have results of.
std::set<std::int64_t> series_of(const MemberColumns& members);

/// The figures of one row's trials, of the series asked for.
class GroupFigures {
 public:
  /// `fids`: the series of the FIDs of trials' splits, with units that reach over an axis: their figures are then areas
  /// under the metric over these (AGS).
  GroupFigures(const MemberColumns& members, const RowGroup& group, const std::vector<std::int64_t>& series,
               std::optional<std::int64_t> fids);

  /// Over the row's complete units, of the series at this place; the metric's name is left out.
  Statistic statistic(std::size_t series) const;

 private:
  /// Of a series, by place in the row's members; NaN where nothing was measured.
  struct Column {
    std::vector<double> best, last, selected, best_epoch;
  };
  static void put(std::size_t place, const store::Figures& found, Column& column);
  Spread spread(const std::vector<double>& values) const;
  double value_of(std::size_t begin, std::size_t end, const std::vector<double>& values) const;
  double mean_best_epoch(const Column& column) const;

  const RowGroup& group_;
  std::vector<Column> columns_;
  std::optional<std::vector<double>> fids_;  ///< The last of each member.
};

}  // namespace oodml::coordinator::results
