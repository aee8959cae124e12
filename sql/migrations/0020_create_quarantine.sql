-- Rows that were not taken, sealed, with the clock of their deadline running. The latest version counts.
CREATE TABLE IF NOT EXISTS quarantine
(
  id UUID,
  version UInt64,
  received_at DateTime64(3, 'UTC'),
  deadline_at DateTime64(3, 'UTC'),
  door LowCardinality(String),
  code LowCardinality(String),
  detail String,
  field String,
  sealed String,
  state Enum8('open' = 1, 'replayed' = 2, 'dismissed' = 3)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
