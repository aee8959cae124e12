-- How many subscriptions fell into each bin of each feature at each scoring, by the bins of its model; feature 'risk' is what it
-- told. Kept when the rows of people are dropped: what drifts is found by it.
CREATE TABLE IF NOT EXISTS churn_bin_history
(
  t0 DateTime64(3, 'UTC'),
  model UUID,
  feature LowCardinality(String),
  place UInt16,
  subscriptions UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (model, t0, feature, place)
TTL toDateTime(t0) + INTERVAL 2 YEAR
SETTINGS non_replicated_deduplication_window = 10000
