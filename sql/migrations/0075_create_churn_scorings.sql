-- Scorings that ended: the latest is what is told.
CREATE TABLE IF NOT EXISTS churn_scorings
(
  t0 DateTime64(3, 'UTC'),
  model UUID,
  scored_at DateTime64(3, 'UTC'),
  subscriptions UInt64
)
ENGINE = MergeTree
ORDER BY (t0, scored_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
