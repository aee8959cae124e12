-- First and last delivery of each stream to each person: where spells begin, and what a person receives.
CREATE TABLE IF NOT EXISTS exposures
(
  person UUID,
  stream LowCardinality(String),
  first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
  last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
  deliveries SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (person, stream)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
