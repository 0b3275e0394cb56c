-- A name says who did something: it is never given twice.
ALTER TABLE api_keys ADD COLUMN created_by TEXT;
CREATE UNIQUE INDEX api_keys_name ON api_keys (name);

-- Log-ins that were ended before their cookie was: a copy of the cookie must not live on.
CREATE TABLE ended_logins (
    id         TEXT    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    by      TEXT    NOT NULL,
    role    TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    subject TEXT,
    outcome TEXT    NOT NULL,
    detail  TEXT,
    address TEXT
);
CREATE INDEX audit_subject ON audit (subject) WHERE subject IS NOT NULL;
CREATE INDEX audit_by ON audit (by);

-- The answer to a start, for whoever asks again with the same Idempotency-Key.
CREATE TABLE answers (
    key          TEXT    NOT NULL PRIMARY KEY,
    request_hash TEXT    NOT NULL,
    status       INTEGER NOT NULL,
    content_type TEXT,
    body         TEXT    NOT NULL,
    expires_at   INTEGER NOT NULL
) WITHOUT ROWID;
