-- rates by whole UTC days, for long windows: at 20 million events a hundredth of its rows. Days that a window, or a
-- bucket of another time zone, cuts are read from rates.
CREATE TABLE IF NOT EXISTS rates_daily
(
  segment LowCardinality(String),
  day Date,
  stream LowCardinality(String),
  campaign LowCardinality(String),
  message_type LowCardinality(String),
  audience LowCardinality(String),
  channel LowCardinality(String),
  category LowCardinality(String),
  origin LowCardinality(String),
  trigger LowCardinality(String),
  reason LowCardinality(String),
  delivered SimpleAggregateFunction(sum, UInt64),
  opened SimpleAggregateFunction(sum, UInt64),
  clicked SimpleAggregateFunction(sum, UInt64),
  opt_outs SimpleAggregateFunction(sum, UInt64),
  complaints SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (segment, day, stream, campaign, message_type, audience, channel, category, origin, trigger, reason)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
