// Version 12: what is asked of large sweeps again and again is kept beside them.
#include "coordinator/store/count_table.h"
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

namespace {

/// Members of a sweep by state of their trial and wish; `newest_end`: when the newest of those that came to a row had
/// ended, 0: none had. Triggers keep it, so that nothing can change a state behind it. `arriving`: since when the rows
/// of the sweep are being written; nobody sees it before it is whole (arrival_table.h).
constexpr const char* kSql = R"sql(
ALTER TABLE sweeps ADD COLUMN arriving INTEGER;
CREATE INDEX sweep_trials_by_sweep ON sweep_trials (sweep_id, trial_id);

CREATE TABLE sweep_counts (
  sweep_id INTEGER NOT NULL REFERENCES sweeps (id),
  state TEXT NOT NULL,
  wish INTEGER NOT NULL,
  trials INTEGER NOT NULL,
  newest_end INTEGER NOT NULL,
  PRIMARY KEY (sweep_id, state, wish)
) STRICT, WITHOUT ROWID;
INSERT INTO sweep_counts SELECT st.sweep_id, t.state, st.wish, count(*), max(ifnull(t.finished, 0))
  FROM sweep_trials st JOIN trials t ON t.id = st.trial_id GROUP BY st.sweep_id, t.state, st.wish;

CREATE TRIGGER sweep_counts_member AFTER INSERT ON sweep_trials BEGIN
  INSERT INTO sweep_counts SELECT NEW.sweep_id, t.state, NEW.wish, 1, ifnull(t.finished, 0) FROM trials t
    WHERE t.id = NEW.trial_id
    ON CONFLICT DO UPDATE SET trials = trials + 1, newest_end = max(newest_end, excluded.newest_end);
END;

CREATE TRIGGER sweep_counts_left AFTER DELETE ON sweep_trials BEGIN
  UPDATE sweep_counts SET trials = trials - 1 WHERE sweep_id = OLD.sweep_id AND wish = OLD.wish
    AND state = (SELECT state FROM trials WHERE id = OLD.trial_id);
END;

CREATE TRIGGER sweep_counts_wish AFTER UPDATE OF wish ON sweep_trials WHEN OLD.wish != NEW.wish BEGIN
  UPDATE sweep_counts SET trials = trials - 1 WHERE sweep_id = OLD.sweep_id AND wish = OLD.wish
    AND state = (SELECT state FROM trials WHERE id = OLD.trial_id);
  INSERT INTO sweep_counts SELECT NEW.sweep_id, t.state, NEW.wish, 1, ifnull(t.finished, 0) FROM trials t
    WHERE t.id = NEW.trial_id
    ON CONFLICT DO UPDATE SET trials = trials + 1, newest_end = max(newest_end, excluded.newest_end);
END;

CREATE TRIGGER sweep_counts_state AFTER UPDATE OF state ON trials WHEN OLD.state != NEW.state BEGIN
  INSERT INTO sweep_counts SELECT sweep_id, OLD.state, wish, -count(*), 0 FROM sweep_trials
    WHERE trial_id = NEW.id GROUP BY sweep_id, wish
    ON CONFLICT DO UPDATE SET trials = trials + excluded.trials;
  INSERT INTO sweep_counts SELECT sweep_id, NEW.state, wish, count(*), ifnull(NEW.finished, 0) FROM sweep_trials
    WHERE trial_id = NEW.id GROUP BY sweep_id, wish
    ON CONFLICT DO UPDATE SET trials = trials + excluded.trials, newest_end = max(newest_end, excluded.newest_end);
END;
)sql";

}  // namespace

Migration scale() { return {.version = 12, .sql = kSql, .fill = count_axes_of_all}; }

}  // namespace oodml::coordinator::store::migration_steps
