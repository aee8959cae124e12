-- How often something was delivered to a person while they were in a built-in segment (a colon in its name), and when
-- first: who was in it at every delivery (`deliveries` of exposures are as many) needs no look at each.
CREATE TABLE IF NOT EXISTS segment_exposures
(
  segment LowCardinality(String),
  person UUID,
  first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
  deliveries SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (segment, person)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
