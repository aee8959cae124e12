-- Snapshots that churn is told for: one row for each open subscription at `t0`, with what was known then. The answer of
-- churn/snapshot, column for column. Snapshots are dropped as a whole.
CREATE TABLE IF NOT EXISTS churn_rows
(
  t0 DateTime64(3, 'UTC'),
  person UUID,
  stream LowCardinality(String),
  began_at DateTime64(3, 'UTC'),
  in_segments Array(LowCardinality(String)),
  channel LowCardinality(String),
  category LowCardinality(String),
  origin LowCardinality(String),
  country LowCardinality(String),
  plan LowCardinality(String),
  month LowCardinality(String),
  tenure Float64,
  days_since_delivery Nullable(Float64),
  days_since_open Nullable(Float64),
  days_since_click Nullable(Float64),
  delivered_7 UInt32,
  delivered_28 UInt32,
  delivered_90 UInt32,
  delivered_7_all UInt32,
  frequency_ratio Float64,
  most_on_a_day_28 UInt32,
  night_share_28 Float64,
  weekend_share_28 Float64,
  stream_share_28 Float64,
  open_rate_28 Float64,
  open_rate_90 Float64,
  click_rate_28 Float64,
  click_rate_90 Float64,
  open_trend Float64,
  opens_decayed_7 Float64,
  opens_decayed_30 Float64,
  clicks_decayed_30 Float64,
  bounced_90 UInt32,
  streams_open UInt32,
  opt_outs_elsewhere UInt32,
  opt_outs_here UInt32,
  complaints_before UInt32,
  came_back UInt8
)
ENGINE = ReplacingMergeTree
PARTITION BY t0
ORDER BY (t0, person, stream)
SETTINGS non_replicated_deduplication_window = 10000
