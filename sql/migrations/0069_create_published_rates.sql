-- What was known of the deliveries of an hour when it was published: one row, which never changes. `stage` is 'first' at
-- the end of the hour and 'complete' seven days later, when only requests that name a message still come. The arrays are its cells, each of
-- a segment ('' is everybody) and a stream; an hour in which nothing was delivered has none. Published figures know what
-- was stored by then: `as_of` bounds what happened and `known_at` what was received. Of two rows the first known holds.
CREATE TABLE IF NOT EXISTS published_rates
(
  stage LowCardinality(String),
  hour DateTime('UTC'),
  as_of DateTime64(3, 'UTC'),
  known_at DateTime64(3, 'UTC'),
  segments Array(LowCardinality(String)),
  streams Array(LowCardinality(String)),
  delivered Array(UInt64),
  opt_outs Array(UInt64),
  complaints Array(UInt64)
)
ENGINE = MergeTree
ORDER BY (stage, hour, known_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 256
