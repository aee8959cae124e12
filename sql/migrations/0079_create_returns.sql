-- Opens and clicks that a person made, by stream: who comes back. A fifth of the events, and none of their width.
CREATE TABLE IF NOT EXISTS returns
(
  stream LowCardinality(String),
  person UUID,
  occurred_at DateTime64(3, 'UTC'),
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (stream, person, occurred_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
