-- When each job starts by itself next. A start by schedule and the move to the next slot are one transaction.
CREATE TABLE schedules (
    job          TEXT    NOT NULL PRIMARY KEY,
    revision     INTEGER NOT NULL, -- of the job that the row was made from
    schedule     TEXT    NOT NULL, -- the schedule as JSON; while it stays the same, so does next_at
    next_at      INTEGER,
    note         TEXT              -- what became of the last slot that was not started, or why there is none
);
CREATE INDEX schedules_due ON schedules (next_at) WHERE next_at IS NOT NULL;

-- What follows the end of a session: a retry, or the job after it. A start and the removal of its row are one transaction.
CREATE TABLE planned_starts (
    id         TEXT    NOT NULL PRIMARY KEY,
    job        TEXT    NOT NULL,
    kind       TEXT    NOT NULL, -- retry or chain
    session_id TEXT    NOT NULL, -- that it follows
    due_at     INTEGER NOT NULL
);
CREATE INDEX planned_starts_due ON planned_starts (due_at);
CREATE INDEX planned_starts_job ON planned_starts (job);

ALTER TABLE sessions ADD COLUMN origin TEXT NOT NULL DEFAULT 'hand';         -- hand, schedule, retry, chain
ALTER TABLE sessions ADD COLUMN starts_chain INTEGER NOT NULL DEFAULT 0;     -- jobs after this one start when it has ended
ALTER TABLE sessions ADD COLUMN follow_up_due INTEGER NOT NULL DEFAULT 0;    -- what follows its end has yet to be decided
CREATE INDEX sessions_follow_up ON sessions (seq) WHERE follow_up_due = 1;
CREATE INDEX sessions_original ON sessions (original_session_id) WHERE original_session_id IS NOT NULL;
