-- Cells and days (since the epoch) that raised an alarm, and the incident that tells of it; the latest version counts. These
-- days stand in no baseline. At most a few rows a day.
CREATE TABLE IF NOT EXISTS alarms
(
  metric LowCardinality(String),
  level LowCardinality(String),
  stream LowCardinality(String),
  key String,
  on_day UInt32,
  kind LowCardinality(String),
  incident UUID,
  observed UInt64,
  delivered UInt64,
  expected Float64,
  p Float64,
  looked_at DateTime64(3, 'UTC'),
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (on_day, metric, level, stream, key)
