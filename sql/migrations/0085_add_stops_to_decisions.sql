-- Whether a request ended anything that had gone on until then, by when things happened: what a repeat is told by.
-- `streams_stopped` says what was known to go on when it was decided, and depends on the order of arrival.
ALTER TABLE decisions ADD COLUMN IF NOT EXISTS stops Bool DEFAULT notEmpty(streams_stopped) AFTER streams_kept
