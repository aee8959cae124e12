-- What became of each version of the rules: checked, approved, published, rolled back. Who, when, why. Only added to.
CREATE TABLE IF NOT EXISTS ruleset_events
(
  ruleset UUID,
  event LowCardinality(String),
  at DateTime64(3, 'UTC'),
  by String,
  why String,
  percent Nullable(UInt8),
  data String
)
ENGINE = MergeTree
ORDER BY (ruleset, at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
