-- Models of churn as they were trained, one row each, which never changes. `kind` is 'model', or 'rate' where no skill was
-- proven and the smoothed rate of stream and tenure is told. `report` is JSON; `weights` is base64.
CREATE TABLE IF NOT EXISTS churn_models
(
  id UUID,
  kind LowCardinality(String),
  trained_at DateTime64(3, 'UTC'),
  trained_by String,
  cut DateTime64(3, 'UTC'),
  until DateTime64(3, 'UTC'),
  report String CODEC(ZSTD(3)),
  model String CODEC(ZSTD(3)),
  scaling String CODEC(ZSTD(3)),
  weights String CODEC(ZSTD(3))
)
ENGINE = MergeTree
ORDER BY (trained_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
