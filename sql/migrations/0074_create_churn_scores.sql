-- What a model said at `t0` of each open subscription. `groups` is what each group of features added to the logit, in the
-- order of `groups` in models/src/dataset.ts. A scoring is dropped as a whole.
CREATE TABLE IF NOT EXISTS churn_scores
(
  t0 DateTime64(3, 'UTC'),
  model UUID,
  person UUID,
  stream LowCardinality(String),
  in_segments Array(LowCardinality(String)),
  risk_7d Float64,
  risk_30d Float64,
  risk_90d Float64,
  groups Array(Float32)
)
ENGINE = ReplacingMergeTree
PARTITION BY t0
ORDER BY (person, stream, model)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 1024
