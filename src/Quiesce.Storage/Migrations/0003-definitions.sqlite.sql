-- A draft is one row that is edited in place; its revision goes up with every edit. A version that was in force once never changes again.
ALTER TABLE definitions ADD COLUMN revision      INTEGER NOT NULL DEFAULT 1;
ALTER TABLE definitions ADD COLUMN saved_at      INTEGER;
ALTER TABLE definitions ADD COLUMN saved_by      TEXT;
ALTER TABLE definitions ADD COLUMN content_hash  TEXT;    -- of what the document means, whatever its order and numbering
ALTER TABLE definitions ADD COLUMN activity_type TEXT;    -- the type name where it can be used as an activity
ALTER TABLE definitions ADD COLUMN published_at  INTEGER; -- when it was first put in force
ALTER TABLE definitions ADD COLUMN deleted_at    INTEGER; -- deleted, and kept because an instance refers to it
CREATE INDEX definitions_deleted ON definitions (deleted_at) WHERE deleted_at IS NOT NULL;

-- The last few edits of each definition: what a save that comes late was based on.
CREATE TABLE definition_edits (
    seq           INTEGER PRIMARY KEY,
    definition_id TEXT    NOT NULL,
    version_id    TEXT    NOT NULL,
    revision      INTEGER NOT NULL,
    based_on      TEXT,             -- version id:revision, as the client said
    content_hash  TEXT    NOT NULL,
    saved_at      INTEGER NOT NULL,
    saved_by      TEXT    NOT NULL,
    json          TEXT    NOT NULL
);
CREATE INDEX definition_edits_of ON definition_edits (definition_id, seq);

-- The files of the workflows folder as they were last read or written: another hash means that somebody edited one.
CREATE TABLE definition_files (
    name          TEXT NOT NULL PRIMARY KEY,
    definition_id TEXT NOT NULL,
    hash          TEXT NOT NULL,
    unwritten     TEXT,             -- version id that is in force and not in the file yet
    problem       TEXT              -- why not
);
