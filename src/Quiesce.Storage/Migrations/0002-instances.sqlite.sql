-- The table is made anew, so that what lists and look-ups read stays before the state document.
CREATE TABLE instances_2 (
    seq                   INTEGER PRIMARY KEY,
    id                    TEXT    NOT NULL UNIQUE,
    tag                   INTEGER NOT NULL, -- hash of the id, which the ids of its activity executions begin with; 0 for older ones
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
    is_system             INTEGER NOT NULL,
    state                 BLOB    NOT NULL -- last, so that the other columns are reached without reading it
);
INSERT INTO instances_2 (seq, id, tag, definition_id, definition_version, definition_version_id, parent_id, session_id, correlation_id, status, sub_status, phase, revision,
    owner_id, epoch, created_at, updated_at, finished_at, name, incident_count, is_system, state)
SELECT seq, id, 0, definition_id, definition_version, definition_version_id, parent_id, session_id, correlation_id, status, sub_status, phase, revision,
    owner_id, epoch, created_at, updated_at, finished_at, name, incident_count, 0, state FROM instances ORDER BY seq;
DROP TABLE instances;
ALTER TABLE instances_2 RENAME TO instances;
-- Also what the start guards (activation strategies) read, within the transaction that starts an instance.
CREATE INDEX instances_unfinished ON instances (owner_id, definition_id, correlation_id) WHERE finished_at IS NULL;
CREATE INDEX instances_compensating ON instances (phase) WHERE finished_at IS NULL AND phase = 'Compensating';
CREATE INDEX instances_session ON instances (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX instances_parent ON instances (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX instances_tag ON instances (tag) WHERE tag <> 0;
-- Every filter and order of the list reads this index alone and never a state document.
CREATE INDEX instances_list ON instances (created_at, id, definition_id, definition_version, definition_version_id, parent_id, session_id, correlation_id, status, sub_status, phase,
    updated_at, finished_at, name, incident_count, is_system);

-- The executions of activities that one commit touched, as they stood then: a later row of the same execution replaces an earlier one.
CREATE TABLE executions (
    instance_id TEXT    NOT NULL,
    revision    INTEGER NOT NULL, -- of the commit
    json        BLOB    NOT NULL, -- an array
    PRIMARY KEY (instance_id, revision)
);

-- When the timer triggers of published definitions start their next instance.
CREATE TABLE trigger_timers (
    definition_id TEXT    NOT NULL,
    activity_id   TEXT    NOT NULL,
    hash          TEXT    NOT NULL, -- of the schedule: another one begins anew
    due_at        INTEGER,          -- null: never again
    PRIMARY KEY (definition_id, activity_id)
);
CREATE INDEX trigger_timers_due ON trigger_timers (due_at) WHERE due_at IS NOT NULL;

-- What was taken in once and must not act twice, such as a message from the bus.
CREATE TABLE taken (
    key        TEXT    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
);

-- A request's path is compared with the route templates that are waited at, and there may be many other bookmarks.
CREATE INDEX bookmarks_http ON bookmarks (hash) WHERE name = 'Elsa.HttpEndpoint';
