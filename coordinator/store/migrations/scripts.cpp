// Version 14: files of code that travel with trials.
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

namespace {

/// `use`: arch or criterion. `needs_scripts` of trials (version 11) says from now on where the code is: 1 on the
/// worker, as before, 2 here.
constexpr const char* kSql = R"sql(
CREATE TABLE trial_scripts (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  use TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (trial_id, use)
) STRICT, WITHOUT ROWID;
CREATE INDEX trial_scripts_by_content ON trial_scripts (sha256);
)sql";

}  // namespace

Migration scripts() { return {.version = 14, .sql = kSql, .fill = nullptr}; }

}  // namespace oodml::coordinator::store::migration_steps
