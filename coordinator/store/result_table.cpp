#include "coordinator/store/result_table.h"

#include <utility>

namespace oodml::coordinator::store {
namespace {

constexpr const char* kFigures =
    "SELECT r.trial_id, r.series_id, r.best_value, r.best_epoch, r.last_value, r.last_epoch, r.selected_value, "
    "r.selected_epoch ";

TrialFigures figures_of(const Rows& rows) {
  return {.trial = {rows.integer(0)},
          .figures = {.series = rows.integer(1),
                      .best = rows.number(2),
                      .best_epoch = rows.integer(3),
                      .last = rows.number(4),
                      .last_epoch = rows.integer(5),
                      .selected = rows.number(6),
                      .selected_epoch = rows.maybe_integer(7)}};
}

/// Ids of our own.
std::string list_of(const std::vector<std::int64_t>& ids) {
  std::string list;
  for (const std::int64_t id : ids) list += (list.empty() ? "" : ",") + std::to_string(id);
  return list;
}

}  // namespace

MetricKey key_of(std::string set, const std::string& embeds, const std::string& name) {
  return {.set = std::move(set), .name = embeds == "embeds" ? name : name + "/" + embeds};
}

void insert_results(Connection& database, TrialId trial, const std::vector<Figures>& figures) {
  for (const Figures& f : figures) {
    database.execute(
        "INSERT INTO results (trial_id, series_id, best_value, best_epoch, last_value, last_epoch, selected_value, "
        "selected_epoch) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        trial, f.series, f.best, f.best_epoch, f.last, f.last_epoch, f.selected, f.selected_epoch);
  }
}

void move_results_to_history(Connection& database, TrialId trial, AttemptEpoch attempt) {
  database.execute(
      "INSERT INTO past_results SELECT trial_id, ?, series_id, best_value, best_epoch, last_value, last_epoch, "
      "selected_value, selected_epoch FROM results WHERE trial_id = ?",
      attempt, trial);
  database.execute("DELETE FROM results WHERE trial_id = ?", trial);
}

std::vector<job::Metric> read_past_results(Connection& database, TrialId trial, AttemptEpoch attempt) {
  Rows rows = database.query(
      "SELECT p.best_epoch, s.set_name, s.embeds, s.name, p.best_value FROM past_results p "
      "JOIN series s ON s.id = p.series_id WHERE p.trial_id = ? AND p.attempt = ? ORDER BY s.id",
      trial, attempt);
  std::vector<job::Metric> metrics;
  while (rows.next()) {
    metrics.push_back({.epoch = rows.integer(0),
                       .set = rows.text(1),
                       .embeds = rows.text(2),
                       .name = rows.text(3),
                       .value = rows.number(4)});
  }
  return metrics;
}

std::vector<ResultSource> result_sources(Connection& database, SweepId sweep) {
  Rows rows = database.query(
      "SELECT t.id, a.results_version, a.program, a.data FROM (SELECT DISTINCT trial_id FROM sweep_trials "
      "WHERE sweep_id = ?) st JOIN trials t ON t.id = st.trial_id AND t.state = 'succeeded' "
      "JOIN attempts a ON a.trial_id = t.id AND a.attempt = t.attempt",
      sweep);
  std::vector<ResultSource> sources;
  while (rows.next()) {
    sources.push_back(
        {.trial = {rows.integer(0)},
         .identity = {.results_version = rows.integer(1), .program = rows.text(2), .data = rows.text(3)}});
  }
  return sources;
}

std::vector<MeasuredSeries> measured_series(Connection& database, SweepId sweep) {
  Rows rows = database.query(
      "SELECT s.id, s.set_name, s.embeds, s.name FROM series s WHERE s.id IN (SELECT r.series_id FROM sweep_trials st "
      "JOIN results r ON r.trial_id = st.trial_id WHERE st.sweep_id = ?) ORDER BY s.id",
      sweep);
  std::vector<MeasuredSeries> list;
  while (rows.next()) list.push_back({.id = rows.integer(0), .key = key_of(rows.text(1), rows.text(2), rows.text(3))});
  return list;
}

std::vector<TrialFigures> read_results(Connection& database, SweepId sweep, const std::vector<std::int64_t>& series) {
  std::string sql = kFigures;
  sql.append(
         "FROM (SELECT DISTINCT trial_id FROM sweep_trials WHERE sweep_id = ?) st CROSS JOIN results r ON r.trial_id = "
         "st.trial_id AND r.series_id IN (")
      .append(list_of(series))
      .append(")");
  std::vector<TrialFigures> list;
  Rows rows = database.query(sql, sweep);
  while (rows.next()) list.push_back(figures_of(rows));
  return list;
}

std::vector<TrialFigures> read_results(Connection& database, const std::set<TrialId>& trials,
                                       const std::vector<std::int64_t>& series) {
  std::string sql = kFigures;
  sql.append("FROM results r WHERE r.trial_id = ? AND r.series_id IN (").append(list_of(series)).append(")");
  std::vector<TrialFigures> list;
  for (const TrialId trial : trials) {
    Rows rows = database.query(sql, trial);
    while (rows.next()) list.push_back(figures_of(rows));
  }
  return list;
}

}  // namespace oodml::coordinator::store
