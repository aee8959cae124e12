-- Backtests as they ended: of which version of the rules, over which window, and the report as JSON. One that was
-- cancelled or failed says so and has no report.
CREATE TABLE IF NOT EXISTS backtests
(
  id UUID,
  ruleset UUID,
  state LowCardinality(String),
  from_at DateTime64(3, 'UTC'),
  to_at DateTime64(3, 'UTC'),
  known_seq UInt64,
  started_at DateTime64(3, 'UTC'),
  started_by String,
  ms UInt32,
  error String,
  report String
)
ENGINE = MergeTree
ORDER BY (ruleset, started_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
