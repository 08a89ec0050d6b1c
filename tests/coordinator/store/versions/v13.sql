-- A database of schema version 13, as that version's program left it.
PRAGMA application_id = 1869571181;
PRAGMA user_version = 13;
BEGIN TRANSACTION;
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
  checkpoint_sha256 TEXT, probe INTEGER NOT NULL DEFAULT 0, device TEXT NOT NULL DEFAULT '', program TEXT NOT NULL DEFAULT '', results_version INTEGER NOT NULL DEFAULT 0, data TEXT NOT NULL DEFAULT '', model TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (trial_id, attempt)
) STRICT, WITHOUT ROWID;
INSERT INTO attempts VALUES(1,1,'00000000000000000000000000000001','r1','gpu-1-0123abcd','cpu:0',1764000001000,1764000060000,'succeeded','',6,NULL,NULL,NULL,0,'','',0,'','');
INSERT INTO attempts VALUES(4,1,'00000000000000000000000000000004','r4','gpu-1-0123abcd','cpu:0',1764000001000,1764000060000,'numeric','',1,NULL,NULL,NULL,0,'','',0,'','');
CREATE TABLE common_settings (
  id INTEGER PRIMARY KEY,
  settings TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO common_settings VALUES(1,replace('arch "small_conv_normalize"\nbenchmark "fashion_mnist"\ncpu_threads 1\ncriterion "margin"\ncriterion.beta 1.2\nepochs 2\nevaluate.metrics ["e_recall@1", "nmi"]\nevaluate.sets ["test"]\ngpu_memory_mib 0\nlr 1e-05\nreplicas 1\nsplit "default"\ntest_benchmark "none"\n','\n',char(10)));
CREATE TABLE events (
  trial_id INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  time INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (trial_id, attempt, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO events VALUES(1,1,1,1764000001000,'{"device":"cpu","kind":"hello","pid":7,"version":1}');
INSERT INTO events VALUES(1,1,6,1764000060000,'{"epochs":2,"kind":"done"}');
INSERT INTO events VALUES(4,1,1,1764000001000,'{"device":"cpu","kind":"hello","pid":7,"version":1}');
CREATE TABLE kinds (
  id INTEGER PRIMARY KEY,
  network TEXT NOT NULL,
  data TEXT NOT NULL,
  batch INTEGER NOT NULL, checkpoint_bytes INTEGER NOT NULL DEFAULT 0,
  UNIQUE (network, data)
) STRICT;
INSERT INTO kinds VALUES(1,'small_conv_normalize','fashion_mnist',0,1500);
CREATE TABLE label_limits (
  axis TEXT NOT NULL,
  label TEXT NOT NULL,
  max_parallel INTEGER NOT NULL,
  PRIMARY KEY (axis, label)
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('schema_version','13');
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
INSERT INTO metric_points VALUES(1,1,2,1764000002000,1,1,0.3125);
INSERT INTO metric_points VALUES(1,1,3,1764000003000,2,1,0.375);
INSERT INTO metric_points VALUES(1,1,4,1764000004000,1,2,0.5625);
INSERT INTO metric_points VALUES(1,1,5,1764000005000,2,2,0.625);
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
CREATE TABLE requests (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  subject TEXT NOT NULL,
  reply TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO requests VALUES('submit','r','hash','1 2 2',1764000000000);
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
INSERT INTO results VALUES(1,1,0.5625,2,0.5625,2,NULL,NULL);
INSERT INTO results VALUES(1,2,0.625,2,0.625,2,NULL,NULL);
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  set_name TEXT NOT NULL,
  embeds TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (set_name, embeds, name)
) STRICT;
INSERT INTO series VALUES(1,'test','embeds','e_recall@1');
INSERT INTO series VALUES(2,'test','embeds','nmi');
CREATE TABLE shares (
  owner TEXT PRIMARY KEY,
  weight REAL NOT NULL,
  max_parallel INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sweep_trials (
  sweep_id INTEGER NOT NULL REFERENCES sweeps (id),
  position INTEGER NOT NULL,
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  wish INTEGER NOT NULL CHECK (wish IN (0, 1, 2)),
  labels TEXT NOT NULL, lets_run INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO sweep_trials VALUES(1,0,1,2,'{"criterion":"margin","seed":"0"}',0);
INSERT INTO sweep_trials VALUES(1,1,2,2,'{"criterion":"margin","seed":"1"}',0);
INSERT INTO sweep_trials VALUES(2,0,3,1,'{"criterion":"margin","seed":"0"}',0);
INSERT INTO sweep_trials VALUES(2,1,4,2,'{"criterion":"margin","seed":"1"}',0);
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
, owner TEXT NOT NULL DEFAULT '', max_parallel INTEGER NOT NULL DEFAULT 0, max_failures INTEGER NOT NULL DEFAULT 0, paused_because TEXT NOT NULL DEFAULT '', failures_from INTEGER NOT NULL DEFAULT 0, archived INTEGER, deleted INTEGER, told INTEGER NOT NULL DEFAULT 0, arriving INTEGER) STRICT;
INSERT INTO sweeps VALUES(1,'study',replace('version: 1\nname: study\n','\n',char(10)),'[{"name":"criterion","labels":["margin"],"trials":[2]},{"name":"seed","labels":["0","1"],"trials":[1,1]}]','seed','[["test","e_recall@1"],["test","nmi"]]',0,1764000000000,NULL,'',0,0,'',0,NULL,NULL,0,NULL);
INSERT INTO sweeps VALUES(2,'idle',replace('version: 1\nname: idle\n','\n',char(10)),'[{"name":"criterion","labels":["margin"],"trials":[2]},{"name":"seed","labels":["0","1"],"trials":[1,1]}]','seed','[["test","e_recall@1"],["test","nmi"]]',0,1764000000000,NULL,'',0,0,'',0,NULL,NULL,2,NULL);
CREATE TABLE thin_points (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  part INTEGER NOT NULL,
  points BLOB NOT NULL,
  PRIMARY KEY (trial_id, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE token_owners (
  token TEXT PRIMARY KEY,
  worker TEXT NOT NULL UNIQUE,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
INSERT INTO trial_files VALUES(1,1,'checkpoints/0002-000010/network.safetensors','checkpoint',2,'abababababababababababababababababababababababababababababababab',1000,1764000060000);
INSERT INTO trial_files VALUES(1,1,'checkpoints/0002-000010/state.safetensors','checkpoint',2,'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd',500,1764000060000);
CREATE TABLE trial_kinds (
  trial_id INTEGER PRIMARY KEY REFERENCES trials (id) ON DELETE CASCADE,
  kind_id INTEGER NOT NULL REFERENCES kinds (id),
  epochs INTEGER NOT NULL
) STRICT;
INSERT INTO trial_kinds VALUES(1,1,2);
INSERT INTO trial_kinds VALUES(2,1,2);
INSERT INTO trial_kinds VALUES(3,1,2);
INSERT INTO trial_kinds VALUES(4,1,2);
CREATE TABLE trial_specs (
  trial_id INTEGER PRIMARY KEY REFERENCES trials (id),
  settings TEXT NOT NULL
, common INTEGER REFERENCES common_settings (id)) STRICT;
INSERT INTO trial_specs VALUES(1,replace('seed 0\n','\n',char(10)),1);
INSERT INTO trial_specs VALUES(2,replace('seed 1\n','\n',char(10)),1);
INSERT INTO trial_specs VALUES(3,replace('seed 2\n','\n',char(10)),1);
INSERT INTO trial_specs VALUES(4,replace('seed 3\n','\n',char(10)),1);
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
, replicas INTEGER NOT NULL DEFAULT 1, test_benchmark TEXT NOT NULL DEFAULT '', weights TEXT NOT NULL DEFAULT '', gpu_memory_mib INTEGER NOT NULL DEFAULT 0, run_from INTEGER NOT NULL DEFAULT 0, queued_since INTEGER, points_thinned INTEGER NOT NULL DEFAULT 0, events_thinned INTEGER NOT NULL DEFAULT 0, needs_program TEXT NOT NULL DEFAULT '', needs_scripts INTEGER NOT NULL DEFAULT 0, points_gone INTEGER NOT NULL DEFAULT 0, files_gone INTEGER NOT NULL DEFAULT 0, files_thinned INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO trials VALUES(1,'0000000000000000000000000000000000000000000000000000000000000000','fashion_mnist','default',1,'succeeded',1,0,NULL,1764000060000,'succeeded','',2,0.5625,1,'','',0,0,NULL,0,0,'',0,0,0,0);
INSERT INTO trials VALUES(2,'0000000000000000000000000000000000000000000000000000000000000001','fashion_mnist','default',1,'queued',0,0,NULL,NULL,'','',NULL,NULL,1,'','',0,0,NULL,0,0,'',0,0,0,0);
INSERT INTO trials VALUES(3,'0000000000000000000000000000000000000000000000000000000000000002','fashion_mnist','default',1,'paused',0,0,NULL,NULL,'','',NULL,NULL,1,'','',0,0,NULL,0,0,'',0,0,0,0);
INSERT INTO trials VALUES(4,'0000000000000000000000000000000000000000000000000000000000000003','fashion_mnist','default',1,'failed',1,0,NULL,1764000090000,'numeric','the loss is not finite',NULL,NULL,1,'','',0,0,NULL,0,0,'',0,0,0,0);
CREATE TABLE upkeep (
  task TEXT PRIMARY KEY,
  newest INTEGER NOT NULL,
  trials INTEGER NOT NULL,
  removed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE worker_marks (
  worker TEXT PRIMARY KEY,
  mark TEXT NOT NULL CHECK (mark IN ('cordoned','drained')),
  reason TEXT NOT NULL,
  said_by TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sweep_counts (
  sweep_id INTEGER NOT NULL REFERENCES sweeps (id),
  state TEXT NOT NULL,
  wish INTEGER NOT NULL,
  trials INTEGER NOT NULL,
  newest_end INTEGER NOT NULL,
  PRIMARY KEY (sweep_id, state, wish)
) STRICT, WITHOUT ROWID;
INSERT INTO sweep_counts VALUES(1,'queued',2,1,0);
INSERT INTO sweep_counts VALUES(1,'succeeded',2,1,1764000060000);
INSERT INTO sweep_counts VALUES(2,'failed',2,1,1764000090000);
INSERT INTO sweep_counts VALUES(2,'paused',1,1,0);
CREATE TABLE IF NOT EXISTS "speeds" (
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
INSERT INTO speeds VALUES(1,'gpu-1-0123abcd','',1,2.0,59.0,0.0,0.0,0.0);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('sweeps',2);
INSERT INTO sqlite_sequence VALUES('trials',4);
CREATE INDEX sweeps_by_name ON sweeps (name, id);
CREATE INDEX trials_under_way ON trials (state) WHERE state IN ('queued','running','backoff');
CREATE INDEX sweep_trials_by_trial ON sweep_trials (trial_id, sweep_id);
CREATE INDEX requests_by_age ON requests (created);
CREATE INDEX attempts_by_end ON attempts (finished);
CREATE INDEX trial_files_by_content ON trial_files (sha256);
CREATE INDEX sweeps_that_go ON sweeps (id) WHERE deleted IS NOT NULL;
CREATE INDEX trials_with_points ON trials (finished) WHERE finished IS NOT NULL AND points_thinned <= 0;
CREATE INDEX trials_with_events ON trials (finished) WHERE finished IS NOT NULL AND events_thinned = 0;
CREATE INDEX trial_specs_by_common ON trial_specs (common);
CREATE INDEX sweeps_not_told ON sweeps (id) WHERE told & 1 = 0;
CREATE INDEX sweep_trials_by_sweep ON sweep_trials (sweep_id, trial_id);
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
CREATE INDEX trials_with_files ON trials (finished) WHERE finished IS NOT NULL AND files_thinned = 0;
COMMIT;
