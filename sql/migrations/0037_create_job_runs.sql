-- What the scheduled jobs did. `due` is the instant that a run was for, `counts` what it did, as JSON.
CREATE TABLE IF NOT EXISTS job_runs
(
  job LowCardinality(String),
  due DateTime64(3, 'UTC'),
  started_at DateTime64(3, 'UTC'),
  ms UInt32,
  state LowCardinality(String),
  error String,
  counts String
)
ENGINE = MergeTree
ORDER BY (job, due)
TTL toDateTime(due) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 10000
