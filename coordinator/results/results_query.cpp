#include "coordinator/results/results_query.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <unordered_map>

#include "coordinator/results/group_figures.h"
#include "coordinator/results/member_columns.h"
#include "coordinator/results/row_groups.h"
#include "coordinator/results/sources.h"
#include "coordinator/store/course_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/few_shot.h"

namespace oodml::coordinator::results {
namespace {

using store::MetricKey;

/// Trials report that of their split, where its file gives one.
const MetricKey kFid{"test", "fid"};

/// More of them are not listed to who is told the nearest one.
constexpr std::size_t kManyMetrics = 30;

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

Metrics metrics_of(store::Connection& database, const store::SweepRow& sweep, const MemberColumns& members) {
  Metrics metrics{.declared = sweep.metrics, .known = sweep.metrics};
  const std::set<std::int64_t> found = series_of(members);
  for (const store::MeasuredSeries& measured : store::all_series(database)) {
    if (!found.contains(measured.id)) continue;
    metrics.series[measured.key] = measured.id;
    const bool listed = std::find(metrics.known.begin(), metrics.known.end(), measured.key) != metrics.known.end();
    if (!listed) metrics.known.push_back(measured.key);
  }
  const auto no_column = [&](const MetricKey& key) {
    return catalogue::is_list_metric(key.name) && !metrics.series.contains(key);
  };
  std::erase_if(metrics.declared, no_column);
  std::erase_if(metrics.known, no_column);
  return metrics;
}

Result<MetricKey> find_metric(const store::SweepRow& sweep, const Metrics& metrics, const std::string& text) {
  const std::size_t colon = text.find(':');
  const MetricKey key =
      colon == std::string::npos ? MetricKey{"test", text} : MetricKey{text.substr(0, colon), text.substr(colon + 1)};
  if (std::find(metrics.known.begin(), metrics.known.end(), key) != metrics.known.end()) return key;
  if (catalogue::is_list_metric(key.name)) {
    return invalid_argument("'" + text +
                            "' is a list of numbers and no column of a table; the results.json of a trial "
                            "has it (artifacts: [results], then oodml fetch " +
                            sweep.name + " --what all)");
  }
  std::vector<std::string> names;
  std::vector<MetricKey> shown;
  for (const MetricKey& known : metrics.known) {
    names.push_back(spelled(known));
    if (!known.set.starts_with("episode-")) shown.push_back(known);
  }
  const bool has_episodes = shown.size() < metrics.known.size();
  const std::string none = "sweep " + sweep.name + " has no metric '" + text + "'",
                    close = catalogue::did_you_mean(text, names);
  if (!close.empty() && shown.size() > kManyMetrics) return invalid_argument(none + close);
  return invalid_argument(none + "; it has " + listed(shown, spelled) +
                          (has_episodes ? ", and those of each episode as episode-0:few_shot.e_recall@1" : "") + close);
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

/// kNoSeries where nothing was measured.
std::int64_t series_of(const MetricKey& key, const Metrics& metrics) {
  const auto series = metrics.series.find(key);
  return series == metrics.series.end() ? kNoSeries : series->second;
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
  const MemberColumns& members;
  const Metrics& metrics;
  const std::vector<std::string>& by;
  const std::vector<MetricKey>& shown;
  const std::string& over;
};

/// The figures of a row's trials for these metrics, and with units over an axis the FIDs of their splits.
GroupFigures figures_of(const Query& query, const RowGroup& group, const std::vector<MetricKey>& keys) {
  std::vector<std::int64_t> series;
  for (const MetricKey& key : keys) series.push_back(series_of(key, query.metrics));
  return GroupFigures(query.members, group, series,
                      query.over.empty() ? std::nullopt : std::optional(series_of(kFid, query.metrics)));
}

std::vector<double> best_means(const Query& query, const MetricKey& key, const std::vector<RowGroup>& rows) {
  std::vector<double> means;
  for (const RowGroup& group : rows) means.push_back(figures_of(query, group, {key}).statistic(0).best.mean);
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
  Sources sources(query.database, query.members);
  const bool is_first = page.empty() || &page.front() == &rows.front();
  std::vector<std::uint32_t> counted;
  bool rows_are_pure = true;
  for (RowGroup& group : is_first ? std::span<RowGroup>(rows) : page) {
    const std::vector<std::uint32_t> mine = counted_members(group);
    group.row.mixes = sources.mixes(mine);
    rows_are_pure = rows_are_pure && group.row.mixes.empty();
    counted.insert(counted.end(), mine.begin(), mine.end());
  }
  if (is_first && rows_are_pure) table.notes = sources.mixes(std::move(counted));
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
  const MemberColumns members(database, id, sweep.axes);
  const Metrics metrics = metrics_of(database, sweep, members);
  OODML_RETURN_IF_ERROR(check_over(sweep, metrics, query));
  OODML_ASSIGN_OR_RETURN(const std::vector<std::string> by, grouping(sweep, query.by, query.over));
  OODML_ASSIGN_OR_RETURN(const std::vector<MetricKey> wanted, wanted_metrics(sweep, metrics, query, by));
  OODML_ASSIGN_OR_RETURN(const Filter filter, filter_of(sweep.axes, sweep.name, query.filter));

  ResultsTable table{.sweep = store::read_sweep_view(database, id), .by = by, .over = query.over};
  std::vector<RowGroup> rows = group_rows(members, filter, by, query.over);
  for (const RowGroup& group : rows) {
    table.n += group.row.n;
    table.n_expected += group.row.n_expected;
  }
  const Query about{database, sweep, members, metrics, by, wanted, query.over};
  OODML_RETURN_IF_ERROR(sort(about, rows, query.sort));
  const std::span<RowGroup> page = page_of(rows, query.after_row, wanted.size());
  table.rows_left_out = std::ssize(rows) - (page.data() - rows.data()) - std::ssize(page);
  add_mixes(about, rows, page, table);

  for (RowGroup& mine : page) {
    const GroupFigures figures = figures_of(about, mine, wanted);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      Statistic statistic = figures.statistic(i);
      statistic.metric = wanted[i].name;
      statistic.set = wanted[i].set;
      mine.row.statistics.push_back(std::move(statistic));
    }
    table.rows.push_back(std::move(mine.row));
  }
  return table;
}

}  // namespace oodml::coordinator::results
