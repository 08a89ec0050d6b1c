#include "coordinator/store/trial_table.h"

#include <stdexcept>

#include "coordinator/store/fault_table.h"
#include "coordinator/store/kind_table.h"
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

void set_queued_since(Connection& database, TrialId trial, Time at) {
  database.execute("UPDATE trials SET queued_since = ? WHERE id = ?", at, trial);
}

bool lets_run(Connection& database, TrialId trial) {
  Rows rows = database.query("SELECT max(lets_run) FROM sweep_trials WHERE trial_id = ? AND wish = 1", trial);
  return rows.next() && rows.integer(0) != 0;
}

std::set<Label> limited_labels(Connection& database, const Turn& turn) {
  std::set<Label> labels;
  Rows rows = database.query(
      "SELECT l.axis, l.label FROM label_limits l CROSS JOIN sweep_trials st CROSS JOIN json_each(st.labels) own "
      "WHERE st.sweep_id = ? AND st.position = ? AND own.key = l.axis AND own.value = l.label",
      turn.sweep, turn.position);
  while (rows.next()) labels.insert({.axis = rows.text(0), .label = rows.text(1)});
  return labels;
}

/// What follows from the sweep whose turn it has: of those with the strongest wish the one of the largest priority.
void add_turn(Connection& database, Situation& situation) {
  {
    Rows rows = database.query(
        "SELECT st.wish, s.priority, st.sweep_id, st.position, coalesce(t.queued_since, s.created), s.owner, "
        "s.max_parallel FROM sweep_trials st JOIN sweeps s ON s.id = st.sweep_id JOIN trials t ON t.id = st.trial_id "
        "WHERE st.trial_id = ? ORDER BY st.wish DESC, s.priority DESC, st.sweep_id, st.position LIMIT 1",
        situation.trial);
    if (!rows.next()) {
      situation.wish = Wish::kCancel;
      return;
    }
    situation.wish = static_cast<Wish>(rows.integer(0));
    situation.turn = {.priority = rows.integer(1),
                      .sweep = {rows.integer(2)},
                      .position = rows.integer(3),
                      .queued_since = from_millis(rows.integer(4))};
    situation.charge = {.sweep = situation.turn.sweep, .owner = rows.text(5), .limited = {}};
    situation.max_parallel = rows.integer(6);
  }
  situation.charge.limited = limited_labels(database, situation.turn);
}

}  // namespace

Wish wish_of(Connection& database, TrialId trial) {
  Rows rows = database.query("SELECT max(wish) FROM sweep_trials WHERE trial_id = ?", trial);
  return rows.next() && !rows.is_null(0) ? static_cast<Wish>(rows.integer(0)) : Wish::kCancel;
}

Situation situation_of(Connection& database, TrialId trial) {
  static const std::string sql = with_need_columns(
      "SELECT t.state, t.attempt, t.not_before, t.not_before - a.finished, a.outcome, a.worker,",
      "FROM trials t LEFT JOIN attempts a ON a.trial_id = t.id AND a.attempt = t.attempt WHERE t.id = ?");
  Rows rows = database.query(sql, trial);
  if (!rows.next()) throw std::logic_error("no trial " + std::to_string(trial.value));
  Situation situation{.trial = trial,
                      .state = state_of(rows.text(0)),
                      .attempt = rows.integer(1),
                      .not_before = rows.maybe_time(2),
                      .need = need_at(rows, 6),
                      .machine_failed = rows.text(4) == job::to_text(job::Outcome::kMachine),
                      .backoff = Duration(rows.maybe_integer(3).value_or(0))};
  if (job::is_final(situation.state)) return situation;
  if (rows.text(4) == job::to_text(job::Outcome::kPreempted)) situation.preempted_on = WorkerId{rows.text(5)};
  if (situation.attempt > 0) situation.failed_on = failed_on(database, trial);
  add_turn(database, situation);
  situation.lets_run = situation.wish == Wish::kPause && lets_run(database, trial);
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

TrialId insert_trial(Connection& database, const job::TrialSpec& spec, const std::string& fingerprint, Time now,
                     const std::optional<CommonSettings>& common) {
  static const std::string sql = with_need_columns("INSERT INTO trials (fingerprint, queued_since, state,",
                                                   ") VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const job::Need need = need_of(spec);
  database.execute(sql, fingerprint, now, need.benchmark, need.split, need.cpu_threads, need.replicas,
                   need.test_benchmark, need.weights, need.gpu_memory_mib, need.program,
                   static_cast<std::int64_t>(need.scripts));
  const TrialId trial{database.last_insert_id()};
  insert_settings(database, trial, spec, common);
  set_kind(database, trial, spec);
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
  set_kind(database, trial, spec);
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
      "UPDATE trials SET state = ?, finished = ?, not_before = ?, points_thinned = 0, events_thinned = 0, "
      "files_thinned = 0 WHERE id = ?",
      job::to_text(to), finished, not_before, trial);
  const bool is_tried_again = from == job::TrialState::kRunning || from == job::TrialState::kBackoff;
  if (to == job::TrialState::kQueued && !is_tried_again) set_queued_since(database, trial, at);
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
        "UPDATE trials SET state = 'queued', finished = NULL, queued_since = ?, points_thinned = 0, "
        "events_thinned = 0, files_thinned = 0 WHERE id = ?",
        at, trial);
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
