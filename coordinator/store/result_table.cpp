#include "coordinator/store/result_table.h"

#include <optional>
#include <utility>

namespace oodml::coordinator::store {
namespace {

std::optional<std::int64_t> find_source(Connection& database, TrialId trial, AttemptEpoch attempt) {
  Rows rows = database.query(
      "SELECT s.id FROM attempts a JOIN result_sources s ON s.data = a.data AND s.program = a.program AND "
      "s.results_version = a.results_version WHERE a.trial_id = ? AND a.attempt = ?",
      trial, attempt);
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

std::int64_t source_of(Connection& database, TrialId trial, AttemptEpoch attempt) {
  if (const auto known = find_source(database, trial, attempt)) return *known;
  const std::int64_t made = database.execute(
      "INSERT INTO result_sources (data, program, results_version) SELECT data, program, results_version FROM attempts "
      "WHERE trial_id = ? AND attempt = ?",
      trial, attempt);
  if (made > 0) return database.last_insert_id();
  throw SqliteError(
      Status(StatusCode::kDataLoss, "trial " + std::to_string(trial.value) + " has results and no attempt"));
}

void insert_packed(Connection& database, TrialId trial, AttemptEpoch attempt, const std::vector<Figures>& figures) {
  database.execute("INSERT INTO trial_results (trial_id, source_id, count, figures) VALUES (?, ?, ?, ?)", trial,
                   source_of(database, trial, attempt), std::ssize(figures), Blob{pack_figures(figures)});
}

/// Of the table that version 15 packs.
std::vector<Figures> unpacked_rows(Connection& database, TrialId trial) {
  std::vector<Figures> figures;
  Rows rows = database.query(
      "SELECT series_id, best_value, best_epoch, last_value, last_epoch, selected_value, selected_epoch FROM results "
      "WHERE trial_id = ? ORDER BY series_id",
      trial);
  while (rows.next()) {
    figures.push_back({.series = rows.integer(0),
                       .best = rows.number(1),
                       .best_epoch = rows.integer(2),
                       .last = rows.number(3),
                       .last_epoch = rows.integer(4),
                       .selected = rows.number(5),
                       .selected_epoch = rows.maybe_integer(6)});
  }
  return figures;
}

}  // namespace

MetricKey key_of(std::string set, const std::string& embeds, const std::string& name) {
  return {.set = std::move(set), .name = embeds == "embeds" ? name : name + "/" + embeds};
}

void insert_results(Connection& database, const job::Lease& lease, const std::vector<Figures>& figures) {
  insert_packed(database, lease.trial, lease.attempt, figures);
}

std::vector<Figures> read_results(Connection& database, TrialId trial) {
  std::vector<Figures> figures;
  Rows rows = database.query("SELECT figures FROM trial_results WHERE trial_id = ?", trial);
  if (!rows.next()) return figures;
  if (Status read = unpack_figures(rows.bytes(0), figures); !read.ok()) throw SqliteError(std::move(read));
  return figures;
}

void move_results_to_history(Connection& database, TrialId trial, AttemptEpoch attempt) {
  for (const Figures& f : read_results(database, trial)) {
    database.execute(
        "INSERT INTO past_results (trial_id, attempt, series_id, best_value, best_epoch, last_value, last_epoch, "
        "selected_value, selected_epoch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        trial, attempt, f.series, f.best, f.best_epoch, f.last, f.last_epoch, f.selected, f.selected_epoch);
  }
  database.execute("DELETE FROM trial_results WHERE trial_id = ?", trial);
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

void read_result_members(Connection& database, SweepId sweep, const std::function<void(const ResultMember&)>& take) {
  Rows rows = database.query(
      "SELECT st.trial_id, st.labels, r.source_id, r.figures FROM sweep_trials st LEFT JOIN trial_results r "
      "ON r.trial_id = st.trial_id WHERE st.sweep_id = ? ORDER BY st.position",
      sweep);
  while (rows.next()) {
    take({.trial = {rows.integer(0)}, .labels = rows.bytes(1), .source = rows.integer(2), .figures = rows.bytes(3)});
  }
}

job::Identity read_source(Connection& database, std::int64_t source) {
  Rows rows = database.query("SELECT results_version, program, data FROM result_sources WHERE id = ?", source);
  if (!rows.next()) return {};
  return {.results_version = rows.integer(0), .program = rows.text(1), .data = rows.text(2)};
}

void pack_results(Connection& database) {
  {
    Rows rows = database.query("SELECT id, attempt FROM trials WHERE state = 'succeeded'");
    while (rows.next()) {
      const TrialId trial{rows.integer(0)};
      insert_packed(database, trial, rows.integer(1), unpacked_rows(database, trial));
    }
  }
  database.script("DROP TABLE results");
}

}  // namespace oodml::coordinator::store
