-- Moments are whole microseconds since 1970-01-01 UTC. Yes/no is 1/0. A seq column keeps the order of arrival where it matters.

CREATE TABLE owners (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    lease      INTEGER NOT NULL, -- microseconds
    expires_at INTEGER NOT NULL
);

CREATE TABLE instances (
    seq                   INTEGER PRIMARY KEY,
    id                    TEXT    NOT NULL UNIQUE,
    definition_id         TEXT    NOT NULL,
    definition_version    INTEGER NOT NULL,
    definition_version_id TEXT    NOT NULL,
    parent_id             TEXT,
    session_id            TEXT,
    correlation_id        TEXT,
    status                TEXT    NOT NULL,
    sub_status            TEXT    NOT NULL,
    phase                 TEXT    NOT NULL,
    revision              INTEGER NOT NULL,
    owner_id              TEXT,
    epoch                 INTEGER NOT NULL,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    finished_at           INTEGER,
    name                  TEXT,
    incident_count        INTEGER NOT NULL,
    state                 BLOB    NOT NULL -- last, so that the other columns are reached without reading it
);
CREATE INDEX instances_unfinished ON instances (owner_id) WHERE finished_at IS NULL;
CREATE INDEX instances_compensating ON instances (phase) WHERE finished_at IS NULL AND phase = 'Compensating';
CREATE INDEX instances_session ON instances (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX instances_parent ON instances (parent_id) WHERE parent_id IS NOT NULL;

-- A consumed stimulus stays (without its payload) until its instance ends, so that a repeat is recognised.
CREATE TABLE stimuli (
    seq              INTEGER PRIMARY KEY,
    instance_id      TEXT    NOT NULL,
    id               TEXT    NOT NULL,
    kind             TEXT    NOT NULL,
    bookmark_hash    TEXT,
    bookmark_id      TEXT,
    payload          TEXT,
    created_at       INTEGER NOT NULL,
    due_at           INTEGER,
    ready_at         INTEGER NOT NULL, -- due_at, or 0 for at once: not created_at, which a clock set back would put into the future
    waiting_revision INTEGER,          -- nobody waited for it in this revision of its instance: not ready until the next one
    consumed         INTEGER NOT NULL DEFAULT 0,
    UNIQUE (instance_id, id)
);
CREATE INDEX stimuli_of_instance ON stimuli (instance_id) WHERE consumed = 0;
CREATE INDEX stimuli_ready ON stimuli (ready_at) WHERE consumed = 0;

CREATE TABLE bookmarks (
    instance_id    TEXT    NOT NULL,
    id             TEXT    NOT NULL,
    ordinal        INTEGER NOT NULL,
    name           TEXT    NOT NULL,
    hash           TEXT    NOT NULL,
    correlation_id TEXT,
    payload        TEXT,
    created_at     INTEGER NOT NULL,
    due_at         INTEGER,
    PRIMARY KEY (instance_id, id)
) WITHOUT ROWID;
CREATE INDEX bookmarks_hash ON bookmarks (hash);

CREATE TABLE outbox (
    seq          INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    instance_id  TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    payload      TEXT    NOT NULL,
    attempts     INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    awaits_reply INTEGER NOT NULL
);
CREATE INDEX outbox_instance ON outbox (instance_id);

CREATE TABLE journal (
    instance_id   TEXT    NOT NULL,
    from_sequence INTEGER NOT NULL,
    count         INTEGER NOT NULL,
    json          TEXT    NOT NULL,
    PRIMARY KEY (instance_id, from_sequence)
);

CREATE TABLE obligations (
    id              TEXT    NOT NULL PRIMARY KEY,
    instance_id     TEXT    NOT NULL,
    session_id      TEXT    NOT NULL,
    machine         TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    payload         TEXT    NOT NULL,
    sequence        INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    next_attempt_at INTEGER,
    last_error      TEXT,
    state           TEXT    NOT NULL
);
CREATE INDEX obligations_instance ON obligations (instance_id);
CREATE INDEX obligations_session ON obligations (session_id);
CREATE INDEX obligations_leftover ON obligations (next_attempt_at) WHERE state = 'Leftover';

CREATE TABLE sessions (
    seq                    INTEGER PRIMARY KEY,
    id                     TEXT    NOT NULL UNIQUE,
    job                    TEXT    NOT NULL,
    job_json               TEXT    NOT NULL,
    workflow_definition_id TEXT    NOT NULL,
    workflow_version       INTEGER NOT NULL,
    state                  TEXT    NOT NULL,
    result                 TEXT,
    message                TEXT,
    is_cancelled           INTEGER NOT NULL,
    initiated_by           TEXT    NOT NULL,
    started_at             INTEGER NOT NULL,
    ended_at               INTEGER,
    retry_number           INTEGER NOT NULL,
    original_session_id    TEXT
);
CREATE UNIQUE INDEX sessions_running ON sessions (job) WHERE ended_at IS NULL;
CREATE INDEX sessions_job ON sessions (job);

CREATE TABLE tasks (
    session_id   TEXT    NOT NULL,
    machine      TEXT    NOT NULL,
    instance_id  TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    result       TEXT,
    consistency  TEXT,
    reason       TEXT,
    current_step TEXT,
    proxy        TEXT,
    frozen_ms    REAL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (session_id, machine)
);

CREATE TABLE machine_locks (
    machine_key TEXT NOT NULL PRIMARY KEY,
    session_id  TEXT NOT NULL,
    instance_id TEXT NOT NULL
);
CREATE INDEX machine_locks_instance ON machine_locks (instance_id);

CREATE TABLE restore_points (
    seq         INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    session_id  TEXT    NOT NULL,
    machine     TEXT    NOT NULL,
    job         TEXT    NOT NULL,
    provider    TEXT    NOT NULL,
    source_path TEXT    NOT NULL,
    guest       TEXT    NOT NULL,
    location    TEXT    NOT NULL,
    consistency TEXT    NOT NULL,
    reason      TEXT,
    created_at  INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    bytes       INTEGER,
    method      TEXT
);
CREATE INDEX restore_points_job ON restore_points (job, machine);
CREATE INDEX restore_points_deleting ON restore_points (state) WHERE state = 'Deleting';
CREATE INDEX restore_points_session ON restore_points (session_id);

CREATE TABLE definitions (
    definition_id TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    version_id    TEXT    NOT NULL UNIQUE,
    name          TEXT,
    json          TEXT    NOT NULL,
    source_file   TEXT,
    source_hash   TEXT,
    is_latest     INTEGER NOT NULL,
    is_published  INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (definition_id, version)
);

CREATE TABLE jobs (
    name       TEXT    NOT NULL PRIMARY KEY,
    json       TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE TABLE scripts (
    sha256  TEXT NOT NULL PRIMARY KEY,
    name    TEXT NOT NULL,
    content BLOB NOT NULL
);

CREATE TABLE machines (
    name             TEXT NOT NULL PRIMARY KEY,
    json             TEXT NOT NULL,
    last_test_result TEXT,
    last_test_at     INTEGER
);

CREATE TABLE api_keys (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    hash       TEXT    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_used  INTEGER
);

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE dedup (
    key        TEXT    NOT NULL PRIMARY KEY,
    session_id TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
);
