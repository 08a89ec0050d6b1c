// Versions 1 to 5: sweeps, trials, attempts, figures, owners of tokens.
#include "coordinator/store/migrations/migrations.h"
#include "coordinator/store/trial_need.h"

namespace oodml::coordinator::store::migration_steps {
namespace {

// Times are milliseconds since the epoch, UTC. A NULL value of a metric is NaN.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE sweeps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  axes TEXT NOT NULL,
  replicate_axis TEXT NOT NULL,
  metrics TEXT NOT NULL,
  priority INTEGER NOT NULL,
  created INTEGER NOT NULL,
  cancelled INTEGER
) STRICT;
CREATE INDEX sweeps_by_name ON sweeps (name, id);

CREATE TABLE trials (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL UNIQUE,
  benchmark TEXT NOT NULL,
  split TEXT NOT NULL,
  cpu_threads INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued','running','backoff','paused','succeeded','failed','cancelled')),
  attempt INTEGER NOT NULL DEFAULT 0,
  tries_from INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER,
  finished INTEGER,
  outcome TEXT NOT NULL DEFAULT '',
  message TEXT NOT NULL DEFAULT '',
  recall_epoch INTEGER,
  recall_value REAL
) STRICT;
CREATE INDEX trials_under_way ON trials (state) WHERE state IN ('queued','running','backoff');

CREATE TABLE trial_specs (
  trial_id INTEGER PRIMARY KEY REFERENCES trials (id),
  settings TEXT NOT NULL
) STRICT;

CREATE TABLE sweep_trials (
  sweep_id INTEGER NOT NULL REFERENCES sweeps (id),
  position INTEGER NOT NULL,
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  wish INTEGER NOT NULL CHECK (wish IN (0, 1, 2)),
  labels TEXT NOT NULL,
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_trials_by_trial ON sweep_trials (trial_id, sweep_id);

CREATE TABLE attempts (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  attempt INTEGER NOT NULL,
  lease_id TEXT NOT NULL UNIQUE,
  request_id TEXT NOT NULL,
  worker TEXT NOT NULL,
  slot TEXT NOT NULL,
  started INTEGER NOT NULL,
  finished INTEGER,
  outcome TEXT,
  message TEXT NOT NULL DEFAULT '',
  last_sequence INTEGER NOT NULL DEFAULT 0,
  checkpoint_epoch INTEGER,
  checkpoint_path TEXT,
  checkpoint_sha256 TEXT,
  PRIMARY KEY (trial_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  set_name TEXT NOT NULL,
  embeds TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (set_name, embeds, name)
) STRICT;

CREATE TABLE metric_points (
  trial_id INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  time INTEGER NOT NULL,
  series_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (trial_id, attempt, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  trial_id INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  time INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (trial_id, attempt, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE results (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  series_id INTEGER NOT NULL REFERENCES series (id),
  best_value REAL,
  best_epoch INTEGER NOT NULL,
  last_value REAL,
  last_epoch INTEGER NOT NULL,
  selected_value REAL,
  selected_epoch INTEGER,
  PRIMARY KEY (trial_id, series_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE requests (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  subject TEXT NOT NULL,
  reply TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_by_age ON requests (created);
)sql";

constexpr const char* kVersion2 = "ALTER TABLE trials ADD COLUMN replicas INTEGER NOT NULL DEFAULT 1";

// Where a trial can run, in full; attempts by which a worker found out whether its machine is whole again.
constexpr const char* kVersion3 = R"sql(
ALTER TABLE trials ADD COLUMN test_benchmark TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN weights TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN gpu_memory_mib INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN probe INTEGER NOT NULL DEFAULT 0;
)sql";

/// Past results are those of runs before the present one, which begins after the attempt `run_from`.
constexpr const char* kVersion4 = R"sql(
ALTER TABLE attempts ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN program TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN results_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN data TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN run_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sweep_trials ADD COLUMN lets_run INTEGER NOT NULL DEFAULT 0;

CREATE TABLE past_results (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  attempt INTEGER NOT NULL,
  series_id INTEGER NOT NULL REFERENCES series (id),
  best_value REAL,
  best_epoch INTEGER NOT NULL,
  last_value REAL,
  last_epoch INTEGER NOT NULL,
  selected_value REAL,
  selected_epoch INTEGER,
  PRIMARY KEY (trial_id, attempt, series_id)
) STRICT, WITHOUT ROWID;
)sql";

/// Tokens by their SHA-256.
constexpr const char* kVersion5 = R"sql(
CREATE TABLE token_owners (
  token TEXT PRIMARY KEY,
  worker TEXT NOT NULL UNIQUE,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace

std::vector<Migration> jobs() {
  return {{.version = 1, .sql = kVersion1},
          {.version = 2, .sql = kVersion2},
          {.version = 3, .sql = kVersion3, .fill = fill_needs},
          {.version = 4, .sql = kVersion4},
          {.version = 5, .sql = kVersion5}};
}

}  // namespace oodml::coordinator::store::migration_steps
