// Version 6: owners, shares, limits, marks of workers.
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

namespace {

/// Limits of 0 are none. Weights and limits of owners and labels; marks of workers by id, or by the name that
/// a person gave them. Failures count from `failures_from` on. A start reads the attempts of the last days by their
/// end.
constexpr const char* kSql = R"sql(
ALTER TABLE sweeps ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE sweeps ADD COLUMN max_parallel INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sweeps ADD COLUMN max_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sweeps ADD COLUMN paused_because TEXT NOT NULL DEFAULT '';
ALTER TABLE sweeps ADD COLUMN failures_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trials ADD COLUMN queued_since INTEGER;
CREATE INDEX attempts_by_end ON attempts (finished);

CREATE TABLE shares (
  owner TEXT PRIMARY KEY,
  weight REAL NOT NULL,
  max_parallel INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE label_limits (
  axis TEXT NOT NULL,
  label TEXT NOT NULL,
  max_parallel INTEGER NOT NULL,
  PRIMARY KEY (axis, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE worker_marks (
  worker TEXT PRIMARY KEY,
  mark TEXT NOT NULL CHECK (mark IN ('cordoned','drained')),
  reason TEXT NOT NULL,
  said_by TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace

Migration sharing() { return {.version = 6, .sql = kSql}; }

}  // namespace oodml::coordinator::store::migration_steps
