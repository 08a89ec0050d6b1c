#include "coordinator/results/group_figures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "coordinator/results/spread.h"
#include "core/statistics/generalisation_score.h"

namespace oodml::coordinator::results {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

const store::Figures* find(const std::vector<store::Figures>& figures, std::int64_t series) {
  const auto found = std::ranges::find(figures, series, &store::Figures::series);
  return found == figures.end() ? nullptr : &*found;
}

}  // namespace

std::set<std::int64_t> series_of(const MemberColumns& members) {
  std::set<std::int64_t> series;
  std::vector<store::Figures> figures;
  std::vector<std::int64_t> last;  // most trials have what the one before has
  for (std::size_t member = 0; member < members.size(); ++member) {
    members.read_figures(member, figures);
    if (std::ranges::equal(figures, last, {}, &store::Figures::series)) continue;
    last.clear();
    for (const store::Figures& one : figures) last.push_back(one.series);
    series.insert(last.begin(), last.end());
  }
  return series;
}

GroupFigures::GroupFigures(const MemberColumns& members, const RowGroup& group, const std::vector<std::int64_t>& series,
                           std::optional<std::int64_t> fids)
    : group_(group), columns_(series.size()) {
  const std::size_t size = group.members.size();
  for (Column& column : columns_) {
    for (auto point : {&Column::best, &Column::last, &Column::selected, &Column::best_epoch}) {
      (column.*point).assign(size, kNothing);
    }
  }
  if (fids) fids_.emplace(size, kNothing);
  std::vector<store::Figures> figures;
  for (std::size_t place = 0; place < size; ++place) {
    members.read_figures(group.members[place], figures);
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (const store::Figures* found = find(figures, series[i])) put(place, *found, columns_[i]);
    }
    if (!fids) continue;
    if (const store::Figures* fid = find(figures, *fids)) (*fids_)[place] = fid->last;
  }
}

void GroupFigures::put(std::size_t place, const store::Figures& found, Column& column) {
  column.best[place] = found.best;
  column.last[place] = found.last;
  column.selected[place] = found.selected;
  if (!std::isnan(found.best)) column.best_epoch[place] = static_cast<double>(found.best_epoch);
}

/// A unit's figure; NaN where a trial has none.
double GroupFigures::value_of(std::size_t begin, std::size_t end, const std::vector<double>& values) const {
  if (!fids_) return values[begin];
  std::vector<statistics::ShiftPoint> points;
  for (std::size_t place = begin; place < end; ++place) points.push_back({(*fids_)[place], values[place]});
  return statistics::generalisation_score(std::move(points));
}

Spread GroupFigures::spread(const std::vector<double>& values) const {
  std::vector<double> of_units;
  for (std::size_t i = 0, begin = 0; i < group_.size(); begin = group_.ends[i++]) {
    if (group_.complete[i]) of_units.push_back(value_of(begin, group_.ends[i], values));
  }
  return spread_of(of_units);
}

/// Over the units' trials that have a best value.
double GroupFigures::mean_best_epoch(const Column& column) const {
  std::vector<double> epochs;
  for (std::size_t i = 0, begin = 0; i < group_.size(); begin = group_.ends[i++]) {
    if (!group_.complete[i]) continue;
    std::copy_if(column.best_epoch.begin() + static_cast<std::ptrdiff_t>(begin),
                 column.best_epoch.begin() + static_cast<std::ptrdiff_t>(group_.ends[i]), std::back_inserter(epochs),
                 [](double epoch) { return !std::isnan(epoch); });
  }
  return spread_of(epochs).mean;
}

Statistic GroupFigures::statistic(std::size_t series) const {
  const Column& column = columns_[series];
  Statistic statistic{.metric = {},
                      .set = {},
                      .n_expected = group_.row.n_expected,
                      .best = spread(column.best),
                      .last = spread(column.last),
                      .selected = spread(column.selected),
                      .best_epoch_mean = mean_best_epoch(column)};
  statistic.n = statistic.best.n;
  return statistic;
}

}  // namespace oodml::coordinator::results
