#include "coordinator/results/results_query.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "coordinator/results/spread.h"
#include "coordinator/store/result_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"

namespace oodml::coordinator::results {
namespace {

using store::MetricKey;

template <typename Range, typename Name>
std::string listed(const Range& range, Name name) {
  std::string text;
  for (const auto& item : range) text += (text.empty() ? "" : ", ") + name(item);
  return text.empty() ? "none" : text;
}

std::string spelled(const MetricKey& key) { return key.set == "test" ? key.name : key.set + ":" + key.name; }

const job::Axis* find_axis(const store::SweepRow& sweep, const std::string& name) {
  const auto found = std::find_if(sweep.axes.begin(), sweep.axes.end(), [&](const auto& axis) { return axis.name == name; });
  return found == sweep.axes.end() ? nullptr : &*found;
}

Failure unknown_axis(const store::SweepRow& sweep, const std::string& name) {
  return invalid_argument("sweep " + sweep.name + " has no axis '" + name + "'; it has " +
                          listed(sweep.axes, [](const auto& axis) { return axis.name; }));
}

/// The metrics a query can name: those the trials measure, then what their results hold besides (loss, seconds).
struct Metrics {
  std::vector<MetricKey> declared;
  std::vector<MetricKey> known;
  std::map<MetricKey, std::int64_t> series;  ///< of those that have results
};

Metrics metrics_of(store::Connection& database, const store::SweepRow& sweep) {
  Metrics metrics{.declared = sweep.metrics, .known = sweep.metrics};
  for (const store::MeasuredSeries& measured : store::measured_series(database, sweep.id)) {
    metrics.series[measured.key] = measured.id;
    const bool listed = std::find(metrics.known.begin(), metrics.known.end(), measured.key) != metrics.known.end();
    if (!listed) metrics.known.push_back(measured.key);
  }
  return metrics;
}

Result<MetricKey> find_metric(const store::SweepRow& sweep, const Metrics& metrics, const std::string& text) {
  const std::size_t colon = text.find(':');
  const MetricKey key = colon == std::string::npos ? MetricKey{"test", text}
                                                   : MetricKey{text.substr(0, colon), text.substr(colon + 1)};
  if (std::find(metrics.known.begin(), metrics.known.end(), key) != metrics.known.end()) return key;
  return invalid_argument("sweep " + sweep.name + " has no metric '" + text + "'; it has " +
                          listed(metrics.known, spelled));
}

Result<std::vector<MetricKey>> wanted_metrics(const store::SweepRow& sweep, const Metrics& metrics,
                                              const std::vector<std::string>& texts) {
  std::vector<MetricKey> wanted;
  for (const std::string& text : texts) {
    OODML_ASSIGN_OR_RETURN(MetricKey key, find_metric(sweep, metrics, text));
    wanted.push_back(std::move(key));
  }
  if (!texts.empty()) return wanted;
  std::copy_if(metrics.declared.begin(), metrics.declared.end(), std::back_inserter(wanted),
               [](const MetricKey& key) { return key.set == "test"; });
  return wanted.empty() ? metrics.declared : wanted;
}

Result<std::vector<std::string>> grouping(const store::SweepRow& sweep, const std::vector<std::string>& by) {
  for (const std::string& name : by) {
    if (!find_axis(sweep, name)) return unknown_axis(sweep, name);
  }
  if (!by.empty()) return by;
  std::vector<std::string> axes;
  for (const job::Axis& axis : sweep.axes) {
    if (axis.name != sweep.replicate_axis && axis.name != job::kGroupAxis) axes.push_back(axis.name);
  }
  return axes;
}

/// Labels of one axis are alternatives, axes narrow each other.
using Filter = std::map<std::string, std::set<std::string>>;

Result<Filter> filter_of(const store::SweepRow& sweep, const std::vector<std::pair<std::string, std::string>>& pairs) {
  Filter filter;
  for (const auto& [name, label] : pairs) {
    const job::Axis* axis = find_axis(sweep, name);
    if (!axis) return unknown_axis(sweep, name);
    if (std::find(axis->labels.begin(), axis->labels.end(), label) == axis->labels.end()) {
      return invalid_argument("axis " + name + " of sweep " + sweep.name + " has no label '" + label + "'; it has " +
                              listed(axis->labels, [](const std::string& text) { return text; }));
    }
    filter[name].insert(label);
  }
  return filter;
}

const std::string& label_of(const std::map<std::string, std::string>& labels, const std::string& axis) {
  static const std::string kNone;
  const auto found = labels.find(axis);
  return found == labels.end() ? kNone : found->second;
}

bool passes(const store::Member& member, const Filter& filter) {
  return std::all_of(filter.begin(), filter.end(), [&](const auto& entry) {
    return entry.second.contains(label_of(member.labels, entry.first));
  });
}

struct Group {
  ResultRow row;
  std::set<TrialId> members;  ///< cells of the matrix may share a trial: one trial is one measurement
  std::vector<TrialId> succeeded;
};

std::vector<Group> group(const std::vector<store::Member>& members, const Filter& filter,
                         const std::vector<std::string>& by) {
  std::vector<Group> groups;
  std::map<std::vector<std::string>, std::size_t> place;
  for (const store::Member& member : members) {
    if (!passes(member, filter)) continue;
    std::vector<std::string> labels;
    for (const std::string& axis : by) labels.push_back(label_of(member.labels, axis));
    const auto [found, fresh] = place.try_emplace(labels, groups.size());
    if (fresh) {
      groups.emplace_back();
      for (std::size_t i = 0; i < by.size(); ++i) groups.back().row.labels.emplace_back(by[i], labels[i]);
    }
    Group& mine = groups[found->second];
    if (!mine.members.insert(member.trial).second) continue;
    ++mine.row.n_expected;
    if (member.state != job::TrialState::kSucceeded) continue;
    ++mine.row.n;
    mine.succeeded.push_back(member.trial);
  }
  return groups;
}

using FiguresBySeries = std::map<std::int64_t, std::unordered_map<TrialId, store::Figures>>;

Statistic statistic_of(const MetricKey& key, const Group& group, const std::unordered_map<TrialId, store::Figures>* all) {
  std::vector<double> best, last, selected, epochs;
  for (const TrialId trial : group.succeeded) {
    const auto found = all ? all->find(trial) : decltype(all->end()){};
    if (!all || found == all->end()) continue;
    const store::Figures& figures = found->second;
    best.push_back(figures.best);
    last.push_back(figures.last);
    selected.push_back(figures.selected);
    if (!std::isnan(figures.best)) epochs.push_back(static_cast<double>(figures.best_epoch));
  }
  Statistic statistic{.metric = key.name, .set = key.set, .n_expected = group.row.n_expected, .best = spread_of(best),
                      .last = spread_of(last), .selected = spread_of(selected),
                      .best_epoch_mean = spread_of(epochs).mean};
  statistic.n = statistic.best.n;
  return statistic;
}

FiguresBySeries read_figures(store::Connection& database, const store::SweepRow& sweep, const Metrics& metrics,
                             const std::vector<MetricKey>& wanted) {
  std::vector<std::int64_t> ids;
  for (const MetricKey& key : wanted) {
    if (const auto series = metrics.series.find(key); series != metrics.series.end()) ids.push_back(series->second);
  }
  FiguresBySeries figures;
  for (const store::TrialFigures& found : store::read_results(database, sweep.id, ids)) {
    figures[found.figures.series].emplace(found.trial, found.figures);
  }
  return figures;
}

std::vector<Statistic> statistics_of(const Group& group, const Metrics& metrics, const std::vector<MetricKey>& wanted,
                                     const FiguresBySeries& figures) {
  std::vector<Statistic> statistics;
  for (const MetricKey& key : wanted) {
    const auto series = metrics.series.find(key);
    const auto values = series == metrics.series.end() ? figures.end() : figures.find(series->second);
    statistics.push_back(statistic_of(key, group, values == figures.end() ? nullptr : &values->second));
  }
  return statistics;
}

/// Rows by `key(row)` with `less`, "-" turns the order around; rows for which `missing` holds stay at the end.
template <typename Key, typename Missing>
void sort_rows(std::vector<ResultRow>& rows, bool descending, Key key, Missing missing) {
  std::stable_sort(rows.begin(), rows.end(), [&](const ResultRow& a, const ResultRow& b) {
    if (missing(a) || missing(b)) return !missing(a) && missing(b);
    return descending ? key(b) < key(a) : key(a) < key(b);
  });
}

Status sort(std::vector<ResultRow>& rows, const store::SweepRow& sweep, const Metrics& metrics,
            const std::vector<std::string>& by, const std::vector<MetricKey>& shown, const std::string& order) {
  if (order.empty()) return {};
  const bool descending = order.front() == '-';
  const std::string name = order.substr(descending ? 1 : 0);
  if (const auto axis = std::find(by.begin(), by.end(), name); axis != by.end()) {
    const std::vector<std::string>& labels = find_axis(sweep, name)->labels;
    const auto column = static_cast<std::size_t>(axis - by.begin());
    const auto place = [&](const ResultRow& row) {
      return std::find(labels.begin(), labels.end(), row.labels[column].second) - labels.begin();
    };
    sort_rows(rows, descending, place, [](const ResultRow&) { return false; });
    return {};
  }
  const Result<MetricKey> key = find_metric(sweep, metrics, name);
  const auto metric = key ? std::find(shown.begin(), shown.end(), *key) : shown.end();
  if (metric == shown.end()) {
    return invalid_argument("cannot sort by '" + name + "'; the table has the axes " +
                            listed(by, [](const std::string& text) { return text; }) + " and the metrics " +
                            listed(shown, spelled));
  }
  const auto column = static_cast<std::size_t>(metric - shown.begin());
  const auto mean = [column](const ResultRow& row) { return row.statistics[column].best.mean; };
  sort_rows(rows, descending, mean, [&](const ResultRow& row) { return std::isnan(mean(row)); });
  return {};
}

}  // namespace

Result<ResultsTable> query_results(store::Connection& database, const ResultsQuery& query) {
  OODML_ASSIGN_OR_RETURN(const SweepId id, store::find_sweep(database, query.sweep));
  const store::SweepRow sweep = store::read_sweep(database, id);
  const Metrics metrics = metrics_of(database, sweep);
  OODML_ASSIGN_OR_RETURN(const std::vector<MetricKey> wanted, wanted_metrics(sweep, metrics, query.metrics));
  OODML_ASSIGN_OR_RETURN(const std::vector<std::string> by, grouping(sweep, query.by));
  OODML_ASSIGN_OR_RETURN(const Filter filter, filter_of(sweep, query.filter));

  const FiguresBySeries figures = read_figures(database, sweep, metrics, wanted);
  ResultsTable table{.sweep = store::read_sweep_view(database, id), .by = by};
  for (Group& mine : group(store::read_members(database, id, /*with_labels=*/true), filter, by)) {
    mine.row.statistics = statistics_of(mine, metrics, wanted, figures);
    table.n += mine.row.n;
    table.n_expected += mine.row.n_expected;
    table.rows.push_back(std::move(mine.row));
  }
  OODML_RETURN_IF_ERROR(sort(table.rows, sweep, metrics, by, wanted, query.sort));
  return table;
}

}  // namespace oodml::coordinator::results
