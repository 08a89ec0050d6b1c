// Version 10: how fast trials ran.
#include "coordinator/store/kind_table.h"
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

namespace {

/// A kind is what decides how long trials take (kind_table.h). Speeds are sums over attempts that succeeded, of a kind
/// on a worker; steps are known of some attempts only, whose epochs and seconds stand beside.
constexpr const char* kSql = R"sql(
CREATE TABLE kinds (
  id INTEGER PRIMARY KEY,
  network TEXT NOT NULL,
  data TEXT NOT NULL,
  batch INTEGER NOT NULL,
  UNIQUE (network, data)
) STRICT;

CREATE TABLE trial_kinds (
  trial_id INTEGER PRIMARY KEY REFERENCES trials (id) ON DELETE CASCADE,
  kind_id INTEGER NOT NULL REFERENCES kinds (id),
  epochs INTEGER NOT NULL
) STRICT;

CREATE TABLE speeds (
  kind_id INTEGER NOT NULL REFERENCES kinds (id),
  worker TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  epochs REAL NOT NULL,
  seconds REAL NOT NULL,
  steps REAL NOT NULL,
  step_epochs REAL NOT NULL,
  step_seconds REAL NOT NULL,
  PRIMARY KEY (kind_id, worker)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace

Migration estimates() { return {.version = 10, .sql = kSql, .fill = fill_kinds}; }

}  // namespace oodml::coordinator::store::migration_steps
