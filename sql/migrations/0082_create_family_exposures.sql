-- The least and the greatest hash of the built-in segments of each family (`country`, `plan`, `engagement`) that a person
-- was in when something was delivered, of '' where in none of it, and when first. Where both are the same it was that one
-- at every delivery, and none needs to be looked at.
CREATE TABLE IF NOT EXISTS family_exposures
(
  family LowCardinality(String),
  person UUID,
  lowest SimpleAggregateFunction(min, UInt64),
  highest SimpleAggregateFunction(max, UInt64),
  first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (family, person)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
