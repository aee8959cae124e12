-- The ledger by segment: the latest edge of each person. Read with FINAL.
CREATE TABLE IF NOT EXISTS members
(
  segment LowCardinality(String),
  person UUID,
  seq UInt64,
  edge Enum8('entered' = 1, 'left' = 2),
  at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(seq)
ORDER BY (segment, person)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
