#include "coordinator/store/trial_table.h"

#include <stdexcept>
#include <utility>

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

void check_change(TrialId trial, job::TrialState from, job::TrialState to) {
  if (job::may_change(from, to)) return;
  throw std::logic_error("trial " + std::to_string(trial.value) + " cannot go from " + job::to_text(from) + " to " +
                         job::to_text(to));
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

// Two readers of situations share the columns of the trial itself, and those of a sweep that wants it.
std::string situations_where(std::string_view more_columns, std::string_view from_and_condition) {
  std::string sql = with_need_columns(
      "SELECT t.id, t.state, t.attempt, t.not_before, t.not_before - a.finished, a.outcome, a.worker,", "");
  if (!more_columns.empty()) sql.append(",").append(more_columns);
  sql.append(from_and_condition);
  return sql;
}
constexpr int kNeedColumn = 7, kTurnColumn = 16;
constexpr const char* kTurnColumns =
    " st.wish, s.priority, st.sweep_id, st.position, coalesce(t.queued_since, s.created), s.owner, s.max_parallel ";

/// Without its turn.
Situation own_situation(const Rows& rows) {
  Situation situation{.trial = {rows.integer(0)},
                      .state = state_of(rows.text(1)),
                      .attempt = rows.integer(2),
                      .not_before = rows.maybe_time(3),
                      .need = need_at(rows, kNeedColumn),
                      .machine_failed = rows.text(5) == job::to_text(job::Outcome::kMachine),
                      .backoff = Duration(rows.maybe_integer(4).value_or(0))};
  const bool may_run = !job::is_final(situation.state);
  if (may_run && rows.text(5) == job::to_text(job::Outcome::kPreempted))
    situation.preempted_on = WorkerId{rows.text(6)};
  return situation;
}

/// What follows from a sweep that has the trial.
struct SweepTurn {
  Wish wish = Wish::kCancel;
  Turn turn;
  std::string owner;
  std::int64_t max_parallel = 0;
};
SweepTurn turn_at(const Rows& rows, int first) {
  const auto number = [&](int place) { return rows.integer(first + place); };
  return {.wish = static_cast<Wish>(number(0)),
          .turn = {.priority = number(1),
                   .sweep = {number(2)},
                   .position = number(3),
                   .queued_since = from_millis(number(4))},
          .owner = rows.text(first + 5),
          .max_parallel = number(6)};
}

/// Of those with the strongest wish the one of the largest priority.
bool decides_before(const SweepTurn& a, const SweepTurn& b) {
  if (a.wish != b.wish) return a.wish > b.wish;
  if (a.turn.priority != b.turn.priority) return a.turn.priority > b.turn.priority;
  return std::pair(a.turn.sweep, a.turn.position) < std::pair(b.turn.sweep, b.turn.position);
}

void put_turn(SweepTurn turn, Situation& situation) {
  situation.wish = turn.wish;
  situation.turn = turn.turn;
  situation.charge = {.sweep = turn.turn.sweep, .owner = std::move(turn.owner), .limited = {}};
  situation.max_parallel = turn.max_parallel;
}

void add_turn(Connection& database, Situation& situation) {
  static const std::string sql = [] {
    std::string text = "SELECT";
    text.append(kTurnColumns)
        .append("FROM sweep_trials st JOIN sweeps s ON s.id = st.sweep_id JOIN trials t ON t.id = st.trial_id ")
        .append("WHERE st.trial_id = ? ORDER BY st.wish DESC, s.priority DESC, st.sweep_id, st.position LIMIT 1");
    return text;
  }();
  Rows rows = database.query(sql, situation.trial);
  if (rows.next()) {
    put_turn(turn_at(rows, 0), situation);
  } else {
    situation.wish = Wish::kCancel;
  }
}

/// What is read beside it, of trials that have begun, are paused or have a limit.
void add_rest(Connection& database, Situation& situation, bool has_limits) {
  if (situation.attempt > 0) situation.failed_on = failed_on(database, situation.trial);
  if (has_limits && situation.turn.sweep.value != 0) {
    situation.charge.limited = limited_labels(database, situation.turn);
  }
  situation.lets_run = situation.wish == Wish::kPause && lets_run(database, situation.trial);
}

bool has_label_limits(Connection& database) { return database.query("SELECT 1 FROM label_limits LIMIT 1").next(); }

}  // namespace

Wish wish_of(Connection& database, TrialId trial) {
  Rows rows = database.query("SELECT max(wish) FROM sweep_trials WHERE trial_id = ?", trial);
  return rows.next() && !rows.is_null(0) ? static_cast<Wish>(rows.integer(0)) : Wish::kCancel;
}

Situation situation_of(Connection& database, TrialId trial) {
  static const std::string sql = situations_where(
      "", "FROM trials t LEFT JOIN attempts a ON a.trial_id = t.id AND a.attempt = t.attempt WHERE t.id = ?");
  std::optional<Situation> found;
  {
    Rows rows = database.query(sql, trial);
    if (!rows.next()) throw std::logic_error("no trial " + std::to_string(trial.value));
    found = own_situation(rows);
  }
  if (job::is_final(found->state)) return *std::move(found);
  add_turn(database, *found);
  add_rest(database, *found, has_label_limits(database));
  return *std::move(found);
}

std::optional<TrialId> read_situations(Connection& database, job::TrialState state, TrialId after, std::int64_t limit,
                                       const std::function<void(Situation)>& take) {
  static const std::string sql =
      situations_where(kTurnColumns,
                       "FROM trials t CROSS JOIN sweep_trials st ON st.trial_id = t.id CROSS JOIN sweeps s ON s.id = "
                       "st.sweep_id LEFT JOIN attempts a ON a.trial_id = t.id AND a.attempt = t.attempt "
                       "WHERE t.state = ?1 AND t.state IN ('queued','running','backoff') AND t.id > ?2 ORDER BY t.id");
  const bool has_limits = has_label_limits(database);
  std::optional<Situation> situation;
  SweepTurn turn;
  const auto give = [&] {
    put_turn(std::move(turn), *situation);
    add_rest(database, *situation, has_limits);
    take(*std::move(situation));
  };
  Rows rows = database.query(sql, job::to_text(state), after);
  while (rows.next()) {
    SweepTurn next = turn_at(rows, kTurnColumn);
    if (situation && situation->trial.value == rows.integer(0)) {  // one more sweep has it
      if (decides_before(next, turn)) turn = std::move(next);
      continue;
    }
    const std::optional<TrialId> last = situation ? std::optional(situation->trial) : std::nullopt;
    if (last) give();
    if (last && --limit == 0) return last;
    situation = own_situation(rows);
    turn = std::move(next);
  }
  if (situation) give();
  return std::nullopt;
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
  check_change(trial, from, to);
  const std::optional<Time> finished = job::is_final(to) ? std::optional(at) : std::nullopt;
  // What it says from now on is thinned anew, in its time.
  database.execute(
      "UPDATE trials SET state = ?, finished = ?, not_before = ?, points_thinned = 0, events_thinned = 0, "
      "files_thinned = 0 WHERE id = ?",
      job::to_text(to), finished, not_before, trial);
  const bool is_tried_again = from == job::TrialState::kRunning || from == job::TrialState::kBackoff;
  if (to == job::TrialState::kQueued && !is_tried_again) set_queued_since(database, trial, at);
}

void end_run(Connection& database, TrialId trial, const Ending& ending) {
  check_change(trial, job::TrialState::kRunning, ending.to);
  const std::optional<Time> finished = job::is_final(ending.to) ? std::optional(ending.at) : std::nullopt;
  const std::int64_t ended = database.execute(  // OR FAIL as in begin_attempt
      "UPDATE OR FAIL trials SET state = ?, finished = ?, not_before = ?, outcome = ?, message = ?, points_thinned = 0, "
      "events_thinned = 0, files_thinned = 0 WHERE id = ? AND state = 'running'",
      job::to_text(ending.to), finished, ending.not_before, ending.outcome, ending.message, trial);
  if (ended == 0) throw std::logic_error("trial " + std::to_string(trial.value) + " does not run");
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
