-- How far each target has come in the change feed: everything up to `seq` is acknowledged or a dead letter. Written now
-- and then: whoever resumes skips what has a receipt beyond it.
CREATE TABLE IF NOT EXISTS target_cursors
(
  target UUID,
  version UInt64,
  seq UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY target
