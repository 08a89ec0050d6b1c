#include "coordinator/store/trial_table.h"

#include <stdexcept>

#include "coordinator/store/fault_table.h"
#include "coordinator/store/result_table.h"
#include "coordinator/store/trial_need.h"

namespace oodml::coordinator::store {
namespace {

job::TrialState state_of(const std::string& text) {
  if (const auto state = job::parse_trial_state(text)) return *state;
  throw SqliteError(Status(StatusCode::kDataLoss, "unknown state of a trial in the database: " + text));
}

job::TrialState read_state(Connection& database, TrialId trial) {
  Rows rows = database.query("SELECT state FROM trials WHERE id = ?", trial);
  if (!rows.next()) throw std::logic_error("no trial " + std::to_string(trial.value));
  return state_of(rows.text(0));
}

bool lets_run(Connection& database, TrialId trial) {
  Rows rows = database.query("SELECT max(lets_run) FROM sweep_trials WHERE trial_id = ? AND wish = 1", trial);
  return rows.next() && rows.integer(0) != 0;
}

std::optional<Turn> turn_of(Connection& database, TrialId trial) {
  Rows rows = database.query(
      "SELECT s.priority, st.sweep_id, st.position FROM sweep_trials st JOIN sweeps s ON s.id = st.sweep_id "
      "WHERE st.trial_id = ? AND st.wish = 2 ORDER BY s.priority DESC, st.sweep_id, st.position LIMIT 1",
      trial);
  if (!rows.next()) return std::nullopt;
  return Turn{.priority = rows.integer(0), .sweep = {rows.integer(1)}, .position = rows.integer(2)};
}

}  // namespace

Wish wish_of(Connection& database, TrialId trial) {
  Rows rows = database.query("SELECT max(wish) FROM sweep_trials WHERE trial_id = ?", trial);
  return rows.next() && !rows.is_null(0) ? static_cast<Wish>(rows.integer(0)) : Wish::kCancel;
}

Situation situation_of(Connection& database, TrialId trial) {
  static const std::string sql = with_need_columns(
      "SELECT t.state, t.attempt, t.not_before, t.not_before - a.finished, a.outcome = 'machine',",
      "FROM trials t LEFT JOIN attempts a ON a.trial_id = t.id AND a.attempt = t.attempt WHERE t.id = ?");
  Rows rows = database.query(sql, trial);
  if (!rows.next()) throw std::logic_error("no trial " + std::to_string(trial.value));
  Situation situation{.trial = trial,
                      .state = state_of(rows.text(0)),
                      .attempt = rows.integer(1),
                      .not_before = rows.maybe_time(2),
                      .need = need_at(rows, 5),
                      .machine_failed = rows.maybe_integer(4).value_or(0) != 0,
                      .backoff = Duration(rows.maybe_integer(3).value_or(0))};
  if (job::is_final(situation.state)) return situation;
  if (situation.attempt > 0) situation.failed_on = failed_on(database, trial);
  const auto turn = turn_of(database, trial);
  situation.wish = turn ? Wish::kRun : wish_of(database, trial);
  situation.lets_run = situation.wish == Wish::kPause && lets_run(database, trial);
  situation.turn = turn.value_or(Turn{});
  return situation;
}

std::vector<Situation> situations_under_way(Connection& database) {
  std::vector<Situation> situations;
  Rows rows = database.query("SELECT id FROM trials WHERE state IN ('queued','running','backoff')");
  while (rows.next()) situations.push_back(situation_of(database, TrialId{rows.integer(0)}));
  return situations;
}

std::optional<TrialKey> find_by_fingerprint(Connection& database, const std::string& fingerprint) {
  Rows rows = database.query("SELECT id, state, attempt, run_from FROM trials WHERE fingerprint = ?", fingerprint);
  if (!rows.next()) return std::nullopt;
  return TrialKey{.id = {rows.integer(0)},
                  .state = state_of(rows.text(1)),
                  .attempt = rows.integer(2),
                  .has_started = rows.integer(2) > rows.integer(3)};
}

TrialId insert_trial(Connection& database, const job::TrialSpec& spec, const std::string& fingerprint,
                     const std::optional<CommonSettings>& common) {
  static const std::string sql =
      with_need_columns("INSERT INTO trials (fingerprint, state,", ") VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?)");
  const job::Need need = need_of(spec);
  database.execute(sql, fingerprint, need.benchmark, need.split, need.cpu_threads, need.replicas, need.test_benchmark,
                   need.weights, need.gpu_memory_mib);
  const TrialId trial{database.last_insert_id()};
  insert_settings(database, trial, spec, common);
  return trial;
}

job::TrialSpec read_spec(Connection& database, TrialId trial) { return read_settings(database, trial); }

void take_over_demand(Connection& database, TrialId trial, const job::TrialSpec& newer) {
  const Value* wanted = newer.values.find("gpu_memory_mib");
  job::TrialSpec spec = read_spec(database, trial);
  const Value* known = spec.values.find("gpu_memory_mib");
  if (wanted == nullptr || (known != nullptr && *known == *wanted)) return;
  spec.values.set("gpu_memory_mib", *wanted);
  replace_spec(database, trial, spec);
}

void replace_spec(Connection& database, TrialId trial, const job::TrialSpec& spec) {
  replace_settings(database, trial, spec);
  set_need(database, trial, need_of(spec));
}

void set_state(Connection& database, TrialId trial, job::TrialState to, Time at, std::optional<Time> not_before) {
  const job::TrialState from = read_state(database, trial);
  if (!job::may_change(from, to)) {
    throw std::logic_error("trial " + std::to_string(trial.value) + " cannot go from " + job::to_text(from) + " to " +
                           job::to_text(to));
  }
  const std::optional<Time> finished = job::is_final(to) ? std::optional(at) : std::nullopt;
  // What it says from now on is thinned anew, in its time.
  database.execute(
      "UPDATE trials SET state = ?, finished = ?, not_before = ?, points_thinned = 0, events_thinned = 0 WHERE id = ?",
      job::to_text(to), finished, not_before, trial);
}

void requeue_afresh(Connection& database, TrialId trial, Time at) {
  set_state(database, trial, job::TrialState::kQueued, at);
  database.execute("UPDATE trials SET tries_from = attempt WHERE id = ?", trial);
  database.execute("UPDATE sweep_trials SET wish = 0 WHERE trial_id = ?", trial);
}

void begin_afresh(Connection& database, TrialId trial, Time at) {
  const Situation before = situation_of(database, trial);
  if (!job::may_begin_afresh(before.state)) {
    throw std::logic_error("trial " + std::to_string(trial.value) + " cannot begin afresh while it is " +
                           job::to_text(before.state));
  }
  if (before.state == job::TrialState::kSucceeded) {
    move_results_to_history(database, trial, before.attempt);
    database.execute(
        "UPDATE trials SET state = 'queued', finished = NULL, points_thinned = 0, events_thinned = 0 WHERE id = ?",
        trial);
  } else if (job::is_final(before.state)) {
    requeue_afresh(database, trial, at);
  } else if (before.state != job::TrialState::kQueued) {
    set_state(database, trial, job::TrialState::kQueued, at);
  }
  database.execute(
      "UPDATE trials SET tries_from = attempt, run_from = attempt, outcome = '', message = '', recall_epoch = NULL, "
      "recall_value = NULL WHERE id = ?",
      trial);
}

void set_outcome(Connection& database, TrialId trial, const std::string& outcome, const std::string& message) {
  database.execute("UPDATE trials SET outcome = ?, message = ? WHERE id = ?", outcome, message, trial);
}

}  // namespace oodml::coordinator::store
