// Version 15: the results of a trial in one row, and counts of states that cost less.
#include "coordinator/store/migrations/migrations.h"
#include "coordinator/store/result_table.h"

namespace oodml::coordinator::store::migration_steps {

namespace {

/// `figures`: all of the trial (figure_pack.h), `count` of them. Of a million trials hardly any two differ in what they
/// were made of: that stands in `result_sources`. A trial is a member of few sweeps, which are counted one by one, by
/// an index that has all that is asked for.
constexpr const char* kSql = R"sql(
CREATE TABLE result_sources (
  id INTEGER PRIMARY KEY,
  data TEXT NOT NULL,
  program TEXT NOT NULL,
  results_version INTEGER NOT NULL,
  UNIQUE (data, program, results_version)
) STRICT;

CREATE TABLE trial_results (
  trial_id INTEGER PRIMARY KEY REFERENCES trials (id),
  source_id INTEGER NOT NULL REFERENCES result_sources (id),
  count INTEGER NOT NULL,
  figures BLOB NOT NULL
) STRICT;

DROP INDEX sweep_trials_by_trial;
CREATE INDEX sweep_trials_by_trial ON sweep_trials (trial_id, sweep_id, wish);

DROP TRIGGER sweep_counts_state;
CREATE TRIGGER sweep_counts_state AFTER UPDATE OF state ON trials WHEN OLD.state != NEW.state BEGIN
  INSERT INTO sweep_counts SELECT sweep_id, OLD.state, wish, -1, 0 FROM sweep_trials WHERE trial_id = NEW.id
    ON CONFLICT DO UPDATE SET trials = trials - 1;
  INSERT INTO sweep_counts SELECT sweep_id, NEW.state, wish, 1, ifnull(NEW.finished, 0) FROM sweep_trials
    WHERE trial_id = NEW.id
    ON CONFLICT DO UPDATE SET trials = trials + 1, newest_end = max(newest_end, excluded.newest_end);
END;
)sql";

}  // namespace

Migration results() { return {.version = 15, .sql = kSql, .fill = pack_results}; }

}  // namespace oodml::coordinator::store::migration_steps
