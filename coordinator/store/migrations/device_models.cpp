// Version 13: speeds by the make of the device, how large checkpoints are, and what was let go of trials.
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

namespace {

/// Speeds of before are a worker's, of an unknown make. `checkpoint_bytes`: of the newest that a trial of the kind
/// uploaded; 0: none has. `points_gone`, `files_gone`: what retention took of the trial; `files_thinned`: it looked.
constexpr const char* kSql = R"sql(
ALTER TABLE attempts ADD COLUMN model TEXT NOT NULL DEFAULT '';

CREATE TABLE device_speeds (
  kind_id INTEGER NOT NULL REFERENCES kinds (id),
  worker TEXT NOT NULL,
  model TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  epochs REAL NOT NULL,
  seconds REAL NOT NULL,
  steps REAL NOT NULL,
  step_epochs REAL NOT NULL,
  step_seconds REAL NOT NULL,
  PRIMARY KEY (kind_id, worker, model)
) STRICT, WITHOUT ROWID;
INSERT INTO device_speeds (kind_id, worker, model, attempts, epochs, seconds, steps, step_epochs, step_seconds)
  SELECT kind_id, worker, '', attempts, epochs, seconds, steps, step_epochs, step_seconds FROM speeds;
DROP TABLE speeds;
ALTER TABLE device_speeds RENAME TO speeds;

ALTER TABLE kinds ADD COLUMN checkpoint_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE kinds SET checkpoint_bytes = left_by.bytes FROM (
  SELECT tk.kind_id AS kind_id, max(one.bytes) AS bytes FROM trial_kinds tk JOIN (
    SELECT trial_id, sum(bytes) AS bytes FROM trial_files WHERE kind = 'checkpoint' GROUP BY trial_id, attempt
  ) one ON one.trial_id = tk.trial_id GROUP BY tk.kind_id
) left_by WHERE left_by.kind_id = kinds.id;

ALTER TABLE trials ADD COLUMN points_gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trials ADD COLUMN files_gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trials ADD COLUMN files_thinned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX trials_with_files ON trials (finished) WHERE finished IS NOT NULL AND files_thinned = 0;
)sql";

}  // namespace

Migration device_models() { return {.version = 13, .sql = kSql, .fill = nullptr}; }

}  // namespace oodml::coordinator::store::migration_steps
