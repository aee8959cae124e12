-- Retention curves as they were published, one row for each day, stream and segment ('' is all), which never changes.
-- `body` is the answer of GET /v1/analytics/retention. Of two rows of a day the first known holds.
CREATE TABLE IF NOT EXISTS published_curves
(
  stream LowCardinality(String),
  segment LowCardinality(String),
  as_of DateTime64(3, 'UTC'),
  known_at DateTime64(3, 'UTC'),
  body String CODEC(ZSTD(3))
)
ENGINE = MergeTree
ORDER BY (stream, segment, as_of, known_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 64
