// Version 7: files that trials left.
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

namespace {

/// Names of contents, which lie beside the database by their SHA-256.
constexpr const char* kSql = R"sql(
CREATE TABLE trial_files (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  attempt INTEGER NOT NULL,
  path TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('checkpoint','best','last','log','results','csv','tensorboard')),
  epoch INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  stored INTEGER NOT NULL,
  PRIMARY KEY (trial_id, attempt, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX trial_files_by_content ON trial_files (sha256);
)sql";

}  // namespace

Migration artifacts() { return {.version = 7, .sql = kSql}; }

}  // namespace oodml::coordinator::store::migration_steps
