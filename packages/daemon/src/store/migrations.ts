/** Schema changes in order; each runs once. Never edit one that was released: add the next. Times are ms since 1970 UTC. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE projects (
    name TEXT PRIMARY KEY, revision INTEGER NOT NULL, config TEXT NOT NULL, framework TEXT,
    webhook_secret BLOB NOT NULL, refs TEXT, source TEXT, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE revisions (
    project TEXT NOT NULL REFERENCES projects(name) ON DELETE CASCADE, number INTEGER NOT NULL,
    text TEXT NOT NULL, config TEXT NOT NULL, summary TEXT NOT NULL, applied_by TEXT NOT NULL, applied_at INTEGER NOT NULL,
    PRIMARY KEY (project, number)
  ) STRICT;
  CREATE TABLE environments (
    project TEXT NOT NULL REFERENCES projects(name) ON DELETE CASCADE, name TEXT NOT NULL,
    port INTEGER UNIQUE, fence INTEGER NOT NULL DEFAULT 0, live_release INTEGER, release_count INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (project, name)
  ) STRICT;
  CREATE TABLE databases (
    project TEXT NOT NULL, environment TEXT NOT NULL, role TEXT NOT NULL, engine TEXT NOT NULL, version TEXT NOT NULL,
    volume TEXT NOT NULL, password BLOB NOT NULL, created_at INTEGER NOT NULL,
    PRIMARY KEY (project, environment, role)
  ) STRICT;
  CREATE TABLE secrets (
    project TEXT NOT NULL, environment TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, updated_at INTEGER NOT NULL,
    PRIMARY KEY (project, environment, name)
  ) STRICT;
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, trigger TEXT NOT NULL, ref TEXT NOT NULL, ref_kind TEXT NOT NULL,
    commit_id TEXT NOT NULL, message TEXT NOT NULL, author TEXT NOT NULL, author_email TEXT NOT NULL,
    status TEXT NOT NULL, error TEXT, environments TEXT NOT NULL, rollback_to INTEGER, attempt INTEGER NOT NULL, revision INTEGER NOT NULL,
    started_by TEXT NOT NULL, failed_tests TEXT NOT NULL DEFAULT '[]',
    created_at INTEGER NOT NULL, started_at INTEGER, finished_at INTEGER
  ) STRICT;
  CREATE INDEX runs_by_project ON runs (project, id);
  CREATE INDEX runs_open ON runs (status) WHERE status IN ('queued', 'preparing', 'running', 'releasing');
  CREATE TABLE steps (
    run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, idx INTEGER NOT NULL, name TEXT NOT NULL, command TEXT NOT NULL,
    status TEXT NOT NULL, exit_code INTEGER, started_at INTEGER, finished_at INTEGER,
    log_bytes INTEGER NOT NULL DEFAULT 0, log_sha256 TEXT,
    PRIMARY KEY (run_id, idx)
  ) STRICT;
  CREATE TABLE releases (
    id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, environment TEXT NOT NULL, number INTEGER NOT NULL,
    run_id INTEGER NOT NULL, commit_id TEXT NOT NULL, ref TEXT NOT NULL, message TEXT NOT NULL, author TEXT NOT NULL,
    image_id TEXT NOT NULL, snapshot BLOB NOT NULL, state TEXT NOT NULL, error TEXT, rollback_of INTEGER, revision INTEGER NOT NULL,
    fence INTEGER NOT NULL, available INTEGER NOT NULL DEFAULT 1, previous INTEGER,
    created_at INTEGER NOT NULL, live_at INTEGER, ended_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX releases_by_number ON releases (project, environment, number);
  CREATE TABLE people (
    fingerprint TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (fingerprint, project)
  ) STRICT;
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, project TEXT NOT NULL,
    environment TEXT, run_id INTEGER, text TEXT NOT NULL, data TEXT NOT NULL
  ) STRICT;
  CREATE TABLE webhook_deliveries (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT
  `,
  `
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, channel TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL,
    subject TEXT, created_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX deliveries_by_channel ON deliveries (project, channel, id);
  CREATE TABLE channels (
    project TEXT NOT NULL, channel TEXT NOT NULL, failures INTEGER NOT NULL, next_at INTEGER, error TEXT, sent_at INTEGER,
    lost INTEGER NOT NULL, PRIMARY KEY (project, channel)
  ) STRICT
  `,
  `
  CREATE TABLE jobs (
    project TEXT NOT NULL, environment TEXT NOT NULL, name TEXT NOT NULL, cron TEXT NOT NULL, time_zone TEXT NOT NULL,
    next_at INTEGER, paused_by TEXT, paused_at INTEGER, failing INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (project, environment, name)
  ) STRICT;
  CREATE INDEX jobs_by_time ON jobs (next_at);
  CREATE TABLE job_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, environment TEXT NOT NULL, job TEXT NOT NULL,
    status TEXT NOT NULL, trigger TEXT NOT NULL, started_by TEXT NOT NULL, spec TEXT NOT NULL, release INTEGER,
    attempt INTEGER NOT NULL DEFAULT 1, exit_code INTEGER, error TEXT, missed_count INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL, not_before INTEGER NOT NULL, cancelled_by TEXT, started_at INTEGER, finished_at INTEGER,
    log_bytes INTEGER NOT NULL DEFAULT 0, log_sha256 TEXT
  ) STRICT;
  CREATE INDEX job_runs_by_job ON job_runs (project, environment, job, id);
  CREATE INDEX job_runs_open ON job_runs (status) WHERE status IN ('due', 'running')
  `,
  `
  CREATE TABLE backups (
    id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, environment TEXT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL,
    place TEXT NOT NULL, files TEXT NOT NULL DEFAULT '[]', error TEXT, release INTEGER, started_by TEXT NOT NULL,
    created_at INTEGER NOT NULL, finished_at INTEGER,
    proof TEXT NOT NULL DEFAULT 'unproven', proof_at INTEGER, proof_error TEXT
  ) STRICT;
  CREATE INDEX backups_by_environment ON backups (project, environment, id);
  CREATE TABLE data_operations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, project TEXT NOT NULL, environment TEXT NOT NULL, state TEXT NOT NULL,
    started_by TEXT NOT NULL, error TEXT, created_at INTEGER NOT NULL, ended_at INTEGER
  ) STRICT;
  CREATE TABLE kept_volumes (
    volume TEXT PRIMARY KEY, project TEXT NOT NULL, environment TEXT NOT NULL, engine TEXT NOT NULL, version TEXT NOT NULL,
    operation INTEGER NOT NULL, kept_at INTEGER NOT NULL
  ) STRICT
  `,
  `
  CREATE TABLE pauses (
    project TEXT NOT NULL, environment TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
    PRIMARY KEY (project, environment)
  ) STRICT
  `,
  'ALTER TABLE runs ADD COLUMN rollback_backup INTEGER',
  'ALTER TABLE databases ADD COLUMN upgraded_from TEXT',
  `
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, key TEXT NOT NULL, origin TEXT,
    method TEXT NOT NULL, project TEXT, environment TEXT, detail TEXT NOT NULL, outcome TEXT NOT NULL, error_code TEXT
  ) STRICT;
  CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit WHEN old.seq > (SELECT max(seq) FROM audit) - 200000
    BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END
  `,
  `
  CREATE TABLE troubles (
    project TEXT NOT NULL, environment TEXT NOT NULL, subject TEXT NOT NULL, since INTEGER NOT NULL, release INTEGER NOT NULL,
    PRIMARY KEY (project, environment, subject)
  ) STRICT
  `,
  `
  CREATE TABLE maintenance (
    project TEXT NOT NULL, environment TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, message TEXT, let_in TEXT NOT NULL,
    PRIMARY KEY (project, environment)
  ) STRICT
  `,
  'ALTER TABLE runs ADD COLUMN apps TEXT',
  'ALTER TABLE releases ADD COLUMN apps TEXT',
  `ALTER TABLE troubles ADD COLUMN detail TEXT NOT NULL DEFAULT '{}'`,
  `
  CREATE TABLE previews (
    project TEXT NOT NULL, name TEXT NOT NULL, base TEXT NOT NULL, branch TEXT NOT NULL, state TEXT NOT NULL, data TEXT NOT NULL,
    kept_by TEXT, created_at INTEGER NOT NULL, pushed_at INTEGER NOT NULL, reason TEXT,
    PRIMARY KEY (project, name)
  ) STRICT
  `,
];
