-- What each scoring said of segments ('' is everybody) and streams ('' is all) as a whole, kept when the scores of people are
-- dropped: for trends, and to hold it against what happened.
CREATE TABLE IF NOT EXISTS churn_risk_history
(
  t0 DateTime64(3, 'UTC'),
  model UUID,
  segment LowCardinality(String),
  stream LowCardinality(String),
  people UInt64,
  mean_risk_30d Float64,
  expected_7d Float64,
  expected_30d Float64
)
ENGINE = ReplacingMergeTree
ORDER BY (segment, stream, t0, model)
TTL toDateTime(t0) + INTERVAL 2 YEAR
SETTINGS non_replicated_deduplication_window = 10000
