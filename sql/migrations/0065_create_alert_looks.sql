-- Looks of the detectors, so that each is made once however often the job runs: the budget of false alarms is spent by look.
CREATE TABLE IF NOT EXISTS alert_looks
(
  kind LowCardinality(String),
  bucket DateTime64(3, 'UTC'),
  tests UInt32,
  alarms UInt32,
  looked_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(looked_at)
ORDER BY (kind, bucket)
TTL toDateTime(bucket) + INTERVAL 400 DAY
