// Version 9: what was told of sweeps, and what is still to be told.
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {
namespace {

/// `told` holds the flags of store/outbox_table.h. What has happened when this version comes is old news.
constexpr const char* kSql = R"sql(
ALTER TABLE sweeps ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
UPDATE sweeps SET told = 7 WHERE NOT EXISTS (
  SELECT 1 FROM sweep_trials st JOIN trials t ON t.id = st.trial_id
  WHERE st.sweep_id = sweeps.id AND t.finished IS NULL AND st.wish > 0);
UPDATE sweeps SET told = told | 2 WHERE EXISTS (
  SELECT 1 FROM sweep_trials st JOIN trials t ON t.id = st.trial_id WHERE st.sweep_id = sweeps.id AND t.state = 'failed');
CREATE INDEX sweeps_not_told ON sweeps (id) WHERE told & 1 = 0;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hook TEXT NOT NULL,
  delivery TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  created INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT ''
) STRICT;
)sql";

}  // namespace

Migration telling() { return {.version = 9, .sql = kSql}; }

}  // namespace oodml::coordinator::store::migration_steps
