#include "coordinator/store/attempt_table.h"

#include <stdexcept>

#include "coordinator/store/ids_of.h"

namespace oodml::coordinator::store {
namespace {

// One text for both readers, so that the columns are counted once.
constexpr const char* kColumns =
    "SELECT a.trial_id, a.attempt, a.lease_id, a.worker, a.slot, a.request_id, a.outcome, a.last_sequence, t.attempt, "
    "t.state, t.run_from FROM attempts a JOIN trials t ON t.id = a.trial_id ";

std::string select_where(const char* condition) {
  std::string sql = kColumns;
  sql.append("WHERE ").append(condition);
  return sql;
}

AttemptRow row_of(const Rows& rows) {
  AttemptRow row{.lease = {.trial = {rows.integer(0)}, .attempt = rows.integer(1), .id = {rows.text(2)}},
                 .worker = {rows.text(3)},
                 .slot = rows.text(4),
                 .request_id = rows.text(5),
                 .last_sequence = rows.integer(7),
                 .newest = rows.integer(8)};
  if (!rows.is_null(6)) row.outcome = job::parse_outcome(rows.text(6));
  row.state = job::parse_trial_state(rows.text(9)).value_or(job::TrialState::kFailed);
  row.run_from = rows.integer(10);
  return row;
}

void insert_row(Connection& database, const AttemptRow& attempt, Time now) {
  database.execute(
      "INSERT INTO attempts (trial_id, attempt, lease_id, request_id, worker, slot, model, started, probe) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      attempt.lease.trial, attempt.lease.attempt, attempt.lease.id.value, attempt.request_id, attempt.worker.value,
      attempt.slot, attempt.model, now, std::int64_t{attempt.probe});
}

/// Of a query that begins with program, results_version, data.
job::Identity identity_of(const Rows& rows) {
  return {.results_version = rows.integer(1), .program = rows.text(0), .data = rows.text(2)};
}

}  // namespace

std::optional<AttemptRow> find_attempt(Connection& database, const LeaseId& lease) {
  static const std::string sql = select_where("a.lease_id = ?");
  Rows rows = database.query(sql, lease.value);
  if (!rows.next()) return std::nullopt;
  return row_of(rows);
}

std::vector<AttemptRow> open_attempts(Connection& database) {
  static const std::string sql = select_where(
      "a.attempt = t.attempt AND a.attempt > t.run_from AND (a.outcome IS NULL OR (a.outcome = 'lost' AND "
      "t.state IN ('queued','backoff','paused','failed')))");
  std::vector<AttemptRow> attempts;
  Rows rows = database.query(sql);
  while (rows.next()) attempts.push_back(row_of(rows));
  return attempts;
}

void insert_attempt(Connection& database, const AttemptRow& attempt, Time now) {
  insert_row(database, attempt, now);
  database.execute("UPDATE trials SET attempt = ? WHERE id = ?", attempt.lease.attempt, attempt.lease.trial);
}

/// OR FAIL: the statement is not made ready to be taken back alone, for which each page that it and its trigger touch
/// would be copied. Where it fails its whole command is taken back.
void begin_attempt(Connection& database, const AttemptRow& attempt, Time now) {
  insert_row(database, attempt, now);
  const std::int64_t begun = database.execute(
      "UPDATE OR FAIL trials SET attempt = ?, state = 'running', finished = NULL, not_before = NULL, points_thinned = 0, "
      "events_thinned = 0, files_thinned = 0 WHERE id = ? AND state = 'queued'",
      attempt.lease.attempt, attempt.lease.trial);
  if (begun == 0) throw std::logic_error("trial " + std::to_string(attempt.lease.trial.value) + " is not queued");
}

void end_attempt(Connection& database, const job::Lease& lease, job::Outcome outcome, const std::string& message,
                 Time now) {
  database.execute("UPDATE attempts SET outcome = ?, message = ?, finished = ? WHERE trial_id = ? AND attempt = ?",
                   job::to_text(outcome), message, now, lease.trial, lease.attempt);
}

void reopen_attempt(Connection& database, const job::Lease& lease) {
  database.execute(
      "UPDATE attempts SET outcome = NULL, message = '', finished = NULL WHERE trial_id = ? AND attempt = ?",
      lease.trial, lease.attempt);
}

void set_checkpoint(Connection& database, const job::Lease& lease, const job::Checkpoint& checkpoint) {
  database.execute(
      "UPDATE attempts SET checkpoint_epoch = ?, checkpoint_path = ?, checkpoint_sha256 = ? "
      "WHERE trial_id = ? AND attempt = ?",
      checkpoint.epoch, checkpoint.path, checkpoint.sha256, lease.trial, lease.attempt);
}

void set_device(Connection& database, TrialId trial, AttemptEpoch attempt, const std::string& device) {
  database.execute("UPDATE attempts SET device = ? WHERE trial_id = ? AND attempt = ?", device, trial, attempt);
}

void set_identity(Connection& database, TrialId trial, AttemptEpoch attempt, const job::Identity& identity) {
  database.execute("UPDATE attempts SET program = ?, results_version = ?, data = ? WHERE trial_id = ? AND attempt = ?",
                   identity.program, identity.results_version, identity.data, trial, attempt);
  bool differs = false;
  {
    Rows rows = database.query(
        "SELECT a.program, a.results_version, a.data FROM attempts a JOIN trials t ON t.id = a.trial_id "
        "WHERE a.trial_id = ? AND a.attempt > t.run_from AND a.attempt < ?",
        trial, attempt);
    while (rows.next()) differs = differs || !job::differences(identity_of(rows), identity).empty();
  }
  if (!differs) return;
  database.execute("UPDATE trials SET run_from = ?, recall_epoch = NULL, recall_value = NULL WHERE id = ?", attempt - 1,
                   trial);
}

job::Identity read_identity(Connection& database, TrialId trial, AttemptEpoch attempt) {
  Rows rows = database.query("SELECT program, results_version, data FROM attempts WHERE trial_id = ? AND attempt = ?",
                             trial, attempt);
  return rows.next() ? identity_of(rows) : job::Identity{};
}

job::DataStamps data_of_run(Connection& database, TrialId trial) {
  job::DataStamps data;
  Rows rows = database.query(
      "SELECT a.data FROM attempts a JOIN trials t ON t.id = a.trial_id WHERE a.trial_id = ? AND a.attempt > t.run_from "
      "ORDER BY a.attempt DESC",
      trial);
  while (rows.next()) data.merge(job::parse_stamps(rows.text(0)));
  return data;
}

std::vector<AttemptEpoch> earlier_attempts(Connection& database, const job::Lease& lease, const WorkerId& worker) {
  return ids_of<AttemptEpoch>(database.query(
      "SELECT a.attempt FROM attempts a JOIN trials t ON t.id = a.trial_id WHERE a.trial_id = ? AND a.attempt < ? AND "
      "a.attempt > t.run_from AND a.worker = ? ORDER BY a.attempt DESC",
      lease.trial, lease.attempt, worker.value));
}

TryHistory try_history(Connection& database, TrialId trial) {
  Rows rows = database.query(
      "SELECT a.outcome, a.worker, a.message, a.probe FROM attempts a JOIN trials t ON t.id = a.trial_id "
      "WHERE a.trial_id = ? AND a.attempt > t.tries_from AND a.outcome IS NOT NULL ORDER BY a.attempt",
      trial);
  TryHistory history;
  while (rows.next()) {
    const auto outcome = job::parse_outcome(rows.text(0));
    if (!outcome) continue;
    const bool machine = *outcome == job::Outcome::kMachine;
    const bool counts = job::counts_as_try(*outcome) && !(machine && rows.integer(3) != 0);
    history.tries += counts ? 1 : 0;
    history.machine_tries += counts && machine ? 1 : 0;
    if (*outcome == job::Outcome::kCrashed) history.crashed_on.insert(rows.text(1));
    if (machine) history.failed_on[rows.text(1)] = rows.text(2);
  }
  return history;
}

}  // namespace oodml::coordinator::store
