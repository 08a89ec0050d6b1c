#include "coordinator/store/failure_table.h"

#include <optional>

#include "coordinator/store/ids_of.h"

namespace oodml::coordinator::store {
namespace {

/// The newest of the failures that count.
constexpr const char* kFailures =
    "SELECT count(*), id, message, outcome, max(finished) FROM "
    "(SELECT DISTINCT t.id, t.message, t.outcome, t.finished FROM sweep_trials st JOIN trials t ON t.id = st.trial_id "
    "JOIN sweeps s ON s.id = st.sweep_id WHERE st.sweep_id = ? AND t.state = 'failed' AND t.finished > s.failures_from)";

}  // namespace

std::vector<TooManyFailures> failures_of(Connection& database, SweepId sweep) {
  std::int64_t most = 0;
  {
    Rows rows = database.query("SELECT max_failures FROM sweeps WHERE id = ? AND paused_because = ''", sweep);
    if (rows.next()) most = rows.integer(0);
  }
  if (most == 0) return {};
  Rows rows = database.query(kFailures, sweep);
  if (!rows.next() || rows.integer(0) < most) return {};
  const std::string message = rows.text(2);
  return {{.sweep = sweep,
           .failed = rows.integer(0),
           .newest = {rows.integer(1)},
           .message = message.empty() ? rows.text(3) : message}};
}

std::vector<TooManyFailures> sweeps_failed_by(Connection& database, TrialId trial) {
  const auto sweeps = ids_of<SweepId>(
      database.query("SELECT DISTINCT st.sweep_id FROM sweep_trials st JOIN sweeps s ON s.id = st.sweep_id "
                     "WHERE st.trial_id = ? AND st.wish = 2 AND s.max_failures > 0",
                     trial));
  std::vector<TooManyFailures> all;
  for (const SweepId sweep : sweeps) {
    for (TooManyFailures& one : failures_of(database, sweep)) all.push_back(std::move(one));
  }
  return all;
}

std::vector<TrialId> pause_for_failures(Connection& database, SweepId sweep, const std::string& because) {
  std::vector<TrialId> trials = ids_of<TrialId>(
      database.query("SELECT DISTINCT t.id FROM sweep_trials st JOIN trials t ON t.id = st.trial_id "
                     "WHERE st.sweep_id = ? AND st.wish = 2 AND t.state IN ('queued','running','backoff')",
                     sweep));
  database.execute("UPDATE sweeps SET paused_because = ? WHERE id = ?", because, sweep);
  for (const TrialId trial : trials) {
    database.execute("UPDATE sweep_trials SET wish = 1, lets_run = 1 WHERE trial_id = ? AND sweep_id = ?", trial,
                     sweep);
    database.execute(
        "UPDATE trials SET state = 'paused', not_before = NULL WHERE id = ? AND state IN ('queued','backoff') "
        "AND NOT EXISTS (SELECT 1 FROM sweep_trials o WHERE o.trial_id = trials.id AND o.wish = 2)",
        trial);
  }
  return trials;
}

void forget_failures(Connection& database, SweepId sweep, Time now) {
  database.execute("UPDATE sweeps SET paused_because = '', failures_from = ? WHERE id = ?", now, sweep);
}

}  // namespace oodml::coordinator::store
