-- What was suggested, as it was worked out: a row for each time, which never changes. `base` is the version of the rules that
-- the edits are of, '' where none was published; `body` is JSON.
CREATE TABLE IF NOT EXISTS churn_suggestions
(
  computed_at DateTime64(3, 'UTC'),
  model UUID,
  base String,
  body String CODEC(ZSTD(3))
)
ENGINE = MergeTree
ORDER BY computed_at
TTL toDateTime(computed_at) + INTERVAL 1 YEAR
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
