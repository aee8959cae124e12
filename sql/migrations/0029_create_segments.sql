-- Segments as people defined them: every version stays, the latest counts. `condition` is the JSON of the editor.
CREATE TABLE IF NOT EXISTS segments
(
  key String,
  version UInt32,
  name String,
  description String,
  condition String,
  state LowCardinality(String),
  why String,
  changed_at DateTime64(3, 'UTC'),
  changed_by String
)
ENGINE = MergeTree
ORDER BY (key, version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
