-- Deliveries, and the opt-outs and complaints attributed to them, in the quarter of an hour of the delivery: days of every
-- time zone are made of whole quarters (India is 5:30 ahead of UTC, Nepal 5:45). A delivery counts once for each segment
-- its subscriber was in at that moment, and once for segment '' (everybody). `trigger` and `reason` are the opt-out's, ''
-- in rows of deliveries; of reasons only codes are kept apart, free text is 'other'. Takes the place of rates_hourly.
CREATE TABLE IF NOT EXISTS rates
(
  segment LowCardinality(String),
  quarter_hour DateTime('UTC'),
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
ORDER BY (segment, quarter_hour, stream, campaign, message_type, audience, channel, category, origin, trigger, reason)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
