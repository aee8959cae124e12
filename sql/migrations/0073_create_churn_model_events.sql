-- What became of models: 'promoted' makes one the champion, 'rejected' and 'refused' say why it is not, 'rolled_back' ends a
-- champion, so that the one promoted before it holds again.
CREATE TABLE IF NOT EXISTS churn_model_events
(
  model UUID,
  at DateTime64(3, 'UTC'),
  event LowCardinality(String),
  by String,
  why String
)
ENGINE = MergeTree
ORDER BY (at, model)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
