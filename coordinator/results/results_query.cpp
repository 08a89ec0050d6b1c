#include "coordinator/results/results_query.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <unordered_map>

#include "coordinator/results/figures_by_trial.h"
#include "coordinator/results/row_groups.h"
#include "coordinator/results/sources.h"
#include "coordinator/results/spread.h"
#include "coordinator/store/result_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/few_shot.h"
#include "core/statistics/generalisation_score.h"

namespace oodml::coordinator::results {
namespace {

using store::MetricKey;

/// Trials report that of their split, where its file gives one.
const MetricKey kFid{"test", "fid"};

template <typename Range, typename Name>
std::string listed(const Range& range, Name name) {
  std::string text;
  for (const auto& item : range) text += (text.empty() ? "" : ", ") + name(item);
  return text.empty() ? "none" : text;
}

std::string spelled(const MetricKey& key) { return key.set == "test" ? key.name : key.set + ":" + key.name; }

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
  const MetricKey key =
      colon == std::string::npos ? MetricKey{"test", text} : MetricKey{text.substr(0, colon), text.substr(colon + 1)};
  if (std::find(metrics.known.begin(), metrics.known.end(), key) != metrics.known.end()) return key;
  std::vector<std::string> names;
  std::vector<MetricKey> shown;
  for (const MetricKey& known : metrics.known) {
    names.push_back(spelled(known));
    if (!known.set.starts_with("episode-")) shown.push_back(known);
  }
  const bool has_episodes = shown.size() < metrics.known.size();
  return invalid_argument("sweep " + sweep.name + " has no metric '" + text + "'; it has " + listed(shown, spelled) +
                          (has_episodes ? ", and those of each episode as episode-0:few_shot.e_recall@1" : "") +
                          catalogue::did_you_mean(text, names));
}

/// Without a word of the query: the FID where rows are splits, then what the trials declare for the test set.
Result<std::vector<MetricKey>> wanted_metrics(const store::SweepRow& sweep, const Metrics& metrics,
                                              const ResultsQuery& query, const std::vector<std::string>& by) {
  std::vector<MetricKey> wanted;
  for (const std::string& text : query.metrics) {
    OODML_ASSIGN_OR_RETURN(MetricKey key, find_metric(sweep, metrics, text));
    wanted.push_back(std::move(key));
  }
  if (!query.metrics.empty()) return wanted;
  if (std::ranges::count(by, "split") > 0 && metrics.series.contains(kFid)) wanted.push_back(kFid);
  std::copy_if(metrics.declared.begin(), metrics.declared.end(), std::back_inserter(wanted),
               [](const MetricKey& key) { return key.set == "test"; });
  return wanted.empty() ? metrics.declared : wanted;
}

Status check_over(const store::SweepRow& sweep, const Metrics& metrics, const ResultsQuery& query) {
  if (query.over.empty()) return {};
  if (!find_axis(sweep.axes, query.over)) return unknown_axis(sweep.axes, sweep.name, query.over);
  if (std::ranges::count(query.by, query.over) > 0) {
    return invalid_argument("axis " + query.over + " cannot be both that of the rows and the one to aggregate over");
  }
  if (metrics.series.contains(kFid)) return {};
  return failed_precondition("no trial of sweep " + sweep.name +
                             " has reported the FID of its split; wanted are split ids whose file gives one");
}

Result<std::vector<std::string>> grouping(const store::SweepRow& sweep, const std::vector<std::string>& by,
                                          const std::string& over) {
  for (const std::string& name : by) {
    if (!find_axis(sweep.axes, name)) return unknown_axis(sweep.axes, sweep.name, name);
  }
  if (!by.empty()) return by;
  std::vector<std::string> axes;
  for (const job::Axis& axis : sweep.axes) {
    if (axis.name == sweep.replicate_axis || axis.name == over || axis.name == job::kGroupAxis) continue;
    axes.push_back(axis.name);
  }
  return axes;
}

using FiguresBySeries = std::map<std::int64_t, FiguresByTrial>;

/// Of one series; empty where nothing was measured.
const FiguresByTrial& figures_of(const MetricKey& key, const Metrics& metrics, const FiguresBySeries& figures) {
  static const FiguresByTrial kNone;
  const auto series = metrics.series.find(key);
  const auto found = series == metrics.series.end() ? figures.end() : figures.find(series->second);
  return found == figures.end() ? kNone : found->second;
}

/// What a unit's figures are made of: those of the metric, and with units over an axis the FIDs of its trials' splits.
struct Measured {
  const FiguresByTrial& values;
  const FiguresByTrial* fids = nullptr;
};

/// A unit's figure at the best, last or selected epoch; NaN where a trial has none.
double value_of(const Unit& unit, const Measured& measured, double store::Figures::* point) {
  std::vector<statistics::ShiftPoint> points;
  for (const TrialId trial : unit.trials) {
    const store::Figures* found = measured.values.find(trial);
    if (found == nullptr) return std::numeric_limits<double>::quiet_NaN();
    const double value = found->*point;
    if (measured.fids == nullptr) return value;
    const store::Figures* fid = measured.fids->find(trial);
    if (fid == nullptr) return std::numeric_limits<double>::quiet_NaN();
    points.push_back({fid->last, value});
  }
  return statistics::generalisation_score(std::move(points));
}

/// Over the units' trials that have a best value.
double mean_best_epoch(const std::vector<Unit>& units, const FiguresByTrial& values) {
  std::vector<double> epochs;
  for (const Unit& unit : units) {
    if (!unit.is_complete) continue;
    for (const TrialId trial : unit.trials) {
      const store::Figures* found = values.find(trial);
      if (found != nullptr && !std::isnan(found->best)) epochs.push_back(static_cast<double>(found->best_epoch));
    }
  }
  return spread_of(epochs).mean;
}

Statistic statistic_of(const MetricKey& key, const RowGroup& group, const Measured& measured) {
  const auto spread = [&](double store::Figures::* point) {
    std::vector<double> values;
    for (const Unit& unit : group.units) {
      if (unit.is_complete) values.push_back(value_of(unit, measured, point));
    }
    return spread_of(values);
  };
  Statistic statistic{.metric = key.name,
                      .set = key.set,
                      .n_expected = group.row.n_expected,
                      .best = spread(&store::Figures::best),
                      .last = spread(&store::Figures::last),
                      .selected = spread(&store::Figures::selected),
                      .best_epoch_mean = mean_best_epoch(group.units, measured.values)};
  statistic.n = statistic.best.n;
  return statistic;
}

std::vector<std::int64_t> series_of(const Metrics& metrics, const std::vector<MetricKey>& wanted) {
  std::vector<std::int64_t> ids;
  for (const MetricKey& key : wanted) {
    if (const auto series = metrics.series.find(key); series != metrics.series.end()) ids.push_back(series->second);
  }
  if (const auto fid = metrics.series.find(kFid); fid != metrics.series.end()) ids.push_back(fid->second);
  return ids;
}

FiguresBySeries by_series(const std::vector<store::TrialFigures>& all) {
  FiguresBySeries figures;
  for (const store::TrialFigures& found : all) figures[found.figures.series].add(found);
  for (auto& [series, of_trials] : figures) of_trials.settle();
  return figures;
}

/// Rows by `keys`, one a row, "-" turns the order around; rows for which `missing(key)` holds stay at the end.
template <typename Key, typename Missing>
void sort_rows(std::vector<RowGroup>& rows, bool descending, const std::vector<Key>& keys, Missing missing) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (missing(keys[a]) || missing(keys[b])) return !missing(keys[a]) && missing(keys[b]);
    return descending ? keys[b] < keys[a] : keys[a] < keys[b];
  });
  std::vector<RowGroup> sorted;
  for (const std::size_t place : order) sorted.push_back(std::move(rows[place]));
  rows = std::move(sorted);
}

/// The places of the rows' labels in the sweep's file.
std::vector<std::size_t> places_of(const std::vector<RowGroup>& rows, const job::Axis& axis, std::size_t column) {
  std::unordered_map<std::string, std::size_t> places;
  for (const std::string& label : axis.labels) places.emplace(label, places.size());
  std::vector<std::size_t> keys;
  for (const RowGroup& group : rows) {
    const auto found = places.find(group.row.labels[column].second);
    keys.push_back(found == places.end() ? places.size() : found->second);
  }
  return keys;
}

/// What a query is about, read once.
struct Query {
  store::Connection& database;
  const store::SweepRow& sweep;
  const Metrics& metrics;
  const std::vector<std::string>& by;
  const std::vector<MetricKey>& shown;
  const std::string& over;
};

/// Of some rows of a long table: a sweep of very many trials and metrics is not read whole for each of its pages, but
/// where they have most of its trials.
FiguresBySeries read_figures(const Query& query, std::span<const RowGroup> rows, std::int64_t trials_of_sweep) {
  std::set<TrialId> trials;
  for (const RowGroup& group : rows) {
    for (const Unit& unit : group.units) trials.insert(unit.trials.begin(), unit.trials.end());
  }
  const std::vector<std::int64_t> series = series_of(query.metrics, query.shown);
  if (2 * std::ssize(trials) > trials_of_sweep) {
    return by_series(store::read_results(query.database, query.sweep.id, series));
  }
  return by_series(store::read_results(query.database, trials, series));
}

std::vector<double> best_means(const Query& query, const MetricKey& key, const std::vector<RowGroup>& rows) {
  const FiguresBySeries figures =
      by_series(store::read_results(query.database, query.sweep.id, series_of(query.metrics, {key})));
  const FiguresByTrial* fids = query.over.empty() ? nullptr : &figures_of(kFid, query.metrics, figures);
  std::vector<double> means;
  for (const RowGroup& group : rows) {
    means.push_back(statistic_of(key, group, {figures_of(key, query.metrics, figures), fids}).best.mean);
  }
  return means;
}

Status sort(const Query& query, std::vector<RowGroup>& rows, const std::string& order) {
  if (order.empty()) return {};
  const bool descending = order.front() == '-';
  const std::string name = order.substr(descending ? 1 : 0);
  if (const auto axis = std::ranges::find(query.by, name); axis != query.by.end()) {
    const auto column = static_cast<std::size_t>(axis - query.by.begin());
    sort_rows(rows, descending, places_of(rows, *find_axis(query.sweep.axes, name), column),
              [](std::size_t) { return false; });
    return {};
  }
  const Result<MetricKey> key = find_metric(query.sweep, query.metrics, name);
  if (!key || std::ranges::find(query.shown, *key) == query.shown.end()) {
    std::vector<std::string> known = query.by;
    for (const MetricKey& shown : query.shown) known.push_back(spelled(shown));
    return invalid_argument("cannot sort by '" + name + "'; the table has the axes " +
                            listed(query.by, [](const std::string& text) { return text; }) + " and the metrics " +
                            listed(query.shown, spelled) + catalogue::did_you_mean(name, known));
  }
  sort_rows(rows, descending, best_means(query, *key, rows), [](double mean) { return std::isnan(mean); });
  return {};
}

/// What the rows and the whole are mixed of. All rows are looked at for the first page, which alone says the latter.
void add_mixes(const Query& query, std::vector<RowGroup>& rows, std::span<RowGroup> page, ResultsTable& table) {
  const Sources sources(store::result_sources(query.database, query.sweep.id));
  const bool is_first = page.empty() || &page.front() == &rows.front();
  std::set<TrialId> counted;
  bool rows_are_pure = true;
  for (RowGroup& group : is_first ? std::span<RowGroup>(rows) : page) {
    const std::set<TrialId> mine = counted_trials(group);
    group.row.mixes = sources.mixes(mine);
    rows_are_pure = rows_are_pure && group.row.mixes.empty();
    counted.insert(mine.begin(), mine.end());
  }
  if (is_first && rows_are_pure) table.notes = sources.mixes(counted);
}

/// The rows of the page that begins after `after` rows: as many as a reply has room for.
std::span<RowGroup> page_of(std::vector<RowGroup>& rows, std::int64_t after, std::size_t metrics) {
  constexpr std::size_t kMostStatistics = 25'000;  // about 130 bytes each
  const std::size_t start = std::min(static_cast<std::size_t>(after), rows.size());
  const std::size_t most = std::max<std::size_t>(1, kMostStatistics / std::max<std::size_t>(1, metrics));
  return std::span(rows).subspan(start, std::min(most, rows.size() - start));
}

}  // namespace

Result<ResultsTable> query_results(store::Connection& database, const ResultsQuery& query) {
  OODML_ASSIGN_OR_RETURN(const SweepId id, store::find_sweep(database, query.sweep));
  const store::SweepRow sweep = store::read_sweep(database, id);
  const Metrics metrics = metrics_of(database, sweep);
  OODML_RETURN_IF_ERROR(check_over(sweep, metrics, query));
  OODML_ASSIGN_OR_RETURN(const std::vector<std::string> by, grouping(sweep, query.by, query.over));
  OODML_ASSIGN_OR_RETURN(const std::vector<MetricKey> wanted, wanted_metrics(sweep, metrics, query, by));
  OODML_ASSIGN_OR_RETURN(const Filter filter, filter_of(sweep.axes, sweep.name, query.filter));

  ResultsTable table{.sweep = store::read_sweep_view(database, id), .by = by, .over = query.over};
  std::vector<RowGroup> rows =
      group_rows(store::read_members(database, id, /*with_labels=*/true), filter, by, query.over);
  for (const RowGroup& group : rows) {
    table.n += group.row.n;
    table.n_expected += group.row.n_expected;
  }
  const Query about{database, sweep, metrics, by, wanted, query.over};
  OODML_RETURN_IF_ERROR(sort(about, rows, query.sort));
  const std::span<RowGroup> page = page_of(rows, query.after_row, wanted.size());
  table.rows_left_out = std::ssize(rows) - (page.data() - rows.data()) - std::ssize(page);
  add_mixes(about, rows, page, table);

  const FiguresBySeries figures = read_figures(about, page, table.sweep.trials);
  const FiguresByTrial* fids = query.over.empty() ? nullptr : &figures_of(kFid, metrics, figures);
  for (RowGroup& mine : page) {
    for (const MetricKey& key : wanted) {
      mine.row.statistics.push_back(statistic_of(key, mine, {figures_of(key, metrics, figures), fids}));
    }
    table.rows.push_back(std::move(mine.row));
  }
  return table;
}

}  // namespace oodml::coordinator::results
