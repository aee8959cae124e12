-- When each person entered and left each segment, and why. Never changed: of a person and segment the edge with the
-- highest `seq` counts. `received_at` is when the cause reached us, `written_at` when the edge was written: the lag.
CREATE TABLE IF NOT EXISTS memberships
(
  person UUID,
  segment LowCardinality(String),
  seq UInt64,
  edge Enum8('entered' = 1, 'left' = 2),
  version UInt32,
  at DateTime64(3, 'UTC'),
  received_at DateTime64(3, 'UTC'),
  written_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
  cause Enum8('decision' = 1, 'profile' = 2, 'event' = 3, 'sweep' = 4, 'definition' = 5),
  cause_id String
)
ENGINE = MergeTree
ORDER BY (person, segment, seq)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
