-- Taken by the room that needs it; see the file's own statements.
SELECT 1;
