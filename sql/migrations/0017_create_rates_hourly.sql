-- Deliveries, and the opt-outs and complaints attributed to them, in the hour of the delivery. A delivery counts once
-- for each segment its subscriber was in at that moment, and once for segment '' (everybody).
CREATE TABLE IF NOT EXISTS rates_hourly
(
  segment LowCardinality(String),
  hour DateTime('UTC'),
  stream LowCardinality(String),
  campaign LowCardinality(String),
  message_type LowCardinality(String),
  channel LowCardinality(String),
  category LowCardinality(String),
  origin LowCardinality(String),
  delivered SimpleAggregateFunction(sum, UInt64),
  opened SimpleAggregateFunction(sum, UInt64),
  clicked SimpleAggregateFunction(sum, UInt64),
  opt_outs SimpleAggregateFunction(sum, UInt64),
  complaints SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (segment, hour, stream, campaign, message_type, channel, category, origin)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
