-- What became of one decision at one target; the latest version counts (microseconds since the epoch). Times of the
-- decision are copied so that a lag needs no join, and those of a receipt never change, so its versions share a partition.
-- `is_backfill`: decided before the target was made, so its lag says nothing. Synced: a receipt is evidence.
CREATE TABLE IF NOT EXISTS receipts
(
  target UUID,
  seq UInt64,
  version UInt64,
  decision UUID,
  state Enum8('sent' = 1, 'waiting' = 2, 'acknowledged' = 3, 'dead' = 4),
  attempts UInt32,
  first_sent_at DateTime64(3, 'UTC'),
  acknowledged_at Nullable(DateTime64(3, 'UTC')),
  received_at DateTime64(3, 'UTC'),
  decided_at DateTime64(3, 'UTC'),
  is_backfill Bool,
  status UInt16,
  detail String
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(received_at)
ORDER BY (target, seq)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
