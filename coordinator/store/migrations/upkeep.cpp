// Version 8: archived sweeps and those that go, points in small, settings against what a sweep's trials have in common.
#include "coordinator/store/common_settings.h"
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

namespace {

/// `deleted`: since when the sweep is being removed; nobody sees it any more. `points_thinned`: how many points of a
/// course were kept beside those that figures are made of; 0: all, negative: rows are still to be removed.
/// `thin_points` holds what is left
/// (point_pack.h), in parts of which several fit a page.
constexpr const char* kSql = R"sql(
ALTER TABLE sweeps ADD COLUMN archived INTEGER;
ALTER TABLE sweeps ADD COLUMN deleted INTEGER;
CREATE INDEX sweeps_that_go ON sweeps (id) WHERE deleted IS NOT NULL;
ALTER TABLE trials ADD COLUMN points_thinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trials ADD COLUMN events_thinned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX trials_with_points ON trials (finished) WHERE finished IS NOT NULL AND points_thinned <= 0;
CREATE INDEX trials_with_events ON trials (finished) WHERE finished IS NOT NULL AND events_thinned = 0;

CREATE TABLE thin_points (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  part INTEGER NOT NULL,
  points BLOB NOT NULL,
  PRIMARY KEY (trial_id, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE common_settings (
  id INTEGER PRIMARY KEY,
  settings TEXT NOT NULL UNIQUE
) STRICT;
ALTER TABLE trial_specs ADD COLUMN common INTEGER REFERENCES common_settings (id);
CREATE INDEX trial_specs_by_common ON trial_specs (common);

CREATE TABLE upkeep (
  task TEXT PRIMARY KEY,
  newest INTEGER NOT NULL,
  trials INTEGER NOT NULL,
  removed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace

Migration upkeep() { return {.version = 8, .sql = kSql, .fill = share_settings}; }

}  // namespace oodml::coordinator::store::migration_steps
