#include "coordinator/store/view_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "coordinator/store/count_table.h"
#include "coordinator/store/fault_table.h"
#include "coordinator/store/label_text.h"
#include "coordinator/store/result_table.h"
#include "coordinator/store/trial_need.h"

namespace oodml::coordinator::store {
namespace {

// Two readers of trials share these columns; those of the need come last.
std::string trials_where(const char* condition) {
  std::string sql = with_need_columns(
      "SELECT t.id, t.fingerprint, t.state, t.attempt, a.worker, a.slot, a.started, t.finished, t.not_before, t.outcome, "
      "t.message, t.recall_epoch, t.recall_value, st.labels, r.figures, "
      "(SELECT id FROM series WHERE set_name = 'test' AND embeds = 'embeds' AND name = 'e_recall@1'),",
      "FROM sweep_trials st JOIN trials t ON t.id = st.trial_id "
      "LEFT JOIN attempts a ON a.trial_id = t.id AND a.attempt = t.attempt "
      "LEFT JOIN trial_results r ON r.trial_id = t.id WHERE ");
  return sql.append(condition);
}

/// An end is shown no earlier than its beginning, though the wall clock was set back in between.
std::optional<Time> at_or_after(std::optional<Time> start, std::optional<Time> end) {
  return start && end ? std::max(start, end) : end;
}

job::Metric recall(std::int64_t epoch, double value) {
  return {.epoch = epoch, .set = "test", .embeds = "embeds", .name = "e_recall@1", .value = value};
}

/// Of packed figures, and the series of that recall beside them.
std::optional<job::Metric> best_recall_at(const Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  std::vector<Figures> figures;
  if (Status read = unpack_figures(rows.bytes(column), figures); !read.ok()) throw SqliteError(std::move(read));
  const auto found = std::ranges::find(figures, rows.integer(column + 1), &Figures::series);
  return found == figures.end() ? std::nullopt : std::optional(recall(found->best_epoch, found->best));
}

StoredTrialView trial_of(const Rows& rows) {
  StoredTrialView stored;
  TrialView& view = stored.view;
  view.id = {rows.integer(0)};
  view.fingerprint = rows.text(1);
  view.state = job::parse_trial_state(rows.text(2)).value_or(job::TrialState::kFailed);
  view.attempt = rows.integer(3);
  view.worker = rows.text(4);
  view.slot = rows.text(5);
  view.started = rows.maybe_time(6);
  view.finished = at_or_after(view.started, rows.maybe_time(7));
  view.not_before = rows.maybe_time(8);
  view.outcome = rows.text(9);
  view.message = rows.text(10);
  if (!rows.is_null(11)) view.newest_recall = recall(rows.integer(11), rows.number(12));
  view.best_recall = best_recall_at(rows, 14);
  view.labels = parse_labels(rows.text(13));
  stored.need = need_at(rows, 16);
  return stored;
}

void add_faults(Connection& database, TrialView& view) {
  if (view.attempt > 0) view.failed_on = machine_faults(database, view.id);
}

SweepView sweep_of(Connection& database, const Rows& rows) {
  SweepView view{.id = {rows.integer(0)},
                 .name = rows.text(1),
                 .created = from_millis(rows.integer(2)),
                 .priority = rows.integer(4),
                 .owner = rows.text(5),
                 .max_parallel = rows.integer(6),
                 .max_failures = rows.integer(7),
                 .paused_because = rows.text(8),
                 .archived = rows.maybe_time(9)};
  const std::optional<Time> cancelled = rows.maybe_time(3);
  const SweepCounts wanted = read_counts(database, view.id);
  view.trials = wanted.trials;
  view.counts = wanted.states;
  if (wanted.to_run > 0 || (wanted.leaving > 0 && wanted.to_pause == 0 && !cancelled)) {
    view.state = "running";
  } else {
    view.state = wanted.to_pause > 0 ? "paused" : cancelled ? "cancelled" : "finished";
  }
  if (view.state != "paused") view.paused_because.clear();
  // A sweep is over when it wants no trial any more, even if some go on for another sweep.
  if (wanted.to_run == 0 && wanted.to_pause == 0 && wanted.leaving == 0) {
    view.finished =
        std::max({view.created, wanted.newest_end.value_or(view.created), cancelled.value_or(view.created)});
  }
  return view;
}

// One text for both readers, so that the columns are counted once.
std::string sweeps_where(const char* condition) {
  std::string sql =
      "SELECT id, name, created, cancelled, priority, owner, max_parallel, max_failures, paused_because, archived "
      "FROM sweeps WHERE ";
  return sql.append(condition);
}

}  // namespace

SweepView read_sweep_view(Connection& database, SweepId sweep) {
  static const std::string sql = sweeps_where("id = ?");
  Rows rows = database.query(sql, sweep);
  return rows.next() ? sweep_of(database, rows) : SweepView{};
}

std::vector<SweepView> read_sweep_views(Connection& database, std::int64_t limit, std::int64_t before,
                                        const std::string& owner, bool archived) {
  static const std::string sql = sweeps_where(
      "(?1 = 0 OR id < ?1) AND (?3 = '' OR owner = ?3) AND deleted IS NULL AND (archived IS NOT NULL) = ?4 "
      "ORDER BY id DESC LIMIT ?2");
  std::vector<SweepView> views;
  Rows rows = database.query(sql, before, limit, owner, std::int64_t{archived});
  while (rows.next()) views.push_back(sweep_of(database, rows));
  return views;
}

std::vector<StoredTrialView> read_trial_views(Connection& database, SweepId sweep, const ViewFilter& filter,
                                              std::int64_t limit, std::int64_t after) {
  std::string wanted;  // names of the enum only, never a user's text
  for (const job::TrialState state : filter.states)
    wanted += std::string(wanted.empty() ? "'" : ",'") + job::to_text(state) + "'";
  const std::string sql = trials_where("st.sweep_id = ?1 AND st.trial_id > ?2 ") +
                          (wanted.empty() ? "" : "AND t.state IN (" + wanted + ") ") +
                          and_has_labels(filter.labels, 4) +
                          "GROUP BY st.trial_id HAVING st.position = min(st.position) ORDER BY st.trial_id LIMIT ?3";
  std::vector<StoredTrialView> views;
  Rows rows = filter.labels.empty() ? database.query(sql, sweep, after, limit)
                                    : database.query(sql, sweep, after, limit, bound_labels(filter.labels));
  while (rows.next()) views.push_back(trial_of(rows));
  for (StoredTrialView& stored : views) add_faults(database, stored.view);
  return views;
}

std::optional<StoredTrialView> read_trial_view(Connection& database, TrialId trial, SweepId sweep) {
  static const std::string sql =
      trials_where("st.trial_id = ?1 AND (?2 = 0 OR st.sweep_id = ?2) ORDER BY st.sweep_id, st.position LIMIT 1");
  Rows rows = database.query(sql, trial, sweep);
  if (!rows.next()) return std::nullopt;
  StoredTrialView stored = trial_of(rows);
  add_faults(database, stored.view);
  return stored;
}

Failure no_trial(Connection& database, TrialId trial) {
  const std::string id = std::to_string(trial.value);
  Rows newest = database.query("SELECT max(id) FROM trials");
  if (!newest.next() || newest.is_null(0)) return not_found("no trial " + id + "; there are none yet");
  const std::string text = "no trial " + id + "; the newest is " + std::to_string(newest.integer(0));
  Rows sweep = database.query("SELECT 1 FROM sweeps WHERE id = ?", trial);
  return not_found(sweep.next() ? text + ", and " + id + " is a sweep" : text);
}

std::vector<AttemptView> read_attempt_views(Connection& database, TrialId trial) {
  std::vector<AttemptView> views;
  Rows rows = database.query(
      "SELECT a.attempt, a.worker, a.slot, a.started, a.finished, a.outcome, a.message, a.device, a.results_version, "
      "a.program, a.data, a.attempt <= t.run_from FROM attempts a JOIN trials t ON t.id = a.trial_id "
      "WHERE a.trial_id = ? ORDER BY a.attempt",
      trial);
  while (rows.next()) {
    const Time started = from_millis(rows.integer(3));
    views.push_back({.attempt = rows.integer(0),
                     .worker = rows.text(1),
                     .slot = rows.text(2),
                     .started = started,
                     .finished = at_or_after(started, rows.maybe_time(4)),
                     .outcome = rows.text(5),
                     .message = rows.text(6),
                     .device = rows.text(7),
                     .identity = {.results_version = rows.integer(8), .program = rows.text(9), .data = rows.text(10)},
                     .is_earlier_run = rows.integer(11) != 0});
  }
  for (AttemptView& view : views) {
    if (view.is_earlier_run) view.results = read_past_results(database, trial, view.attempt);
  }
  return views;
}

}  // namespace oodml::coordinator::store
