-- Last engagement of each person; the epoch stands for never.
CREATE TABLE IF NOT EXISTS engagement
(
  person UUID,
  last_delivered_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
  last_opened_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
  last_clicked_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY person
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
