-- When a request turns out to count as something else, because of what became known later: a row that takes back what it
-- counted as (`sign` -1), and one with what it counts as now (1). Sums over decisions and over these are right together.
CREATE TABLE IF NOT EXISTS recounts
(
  sign Int8,
  person UUID,
  decision UUID,
  seq UInt64,
  event_id String,
  type LowCardinality(String),
  message_id String,
  trigger LowCardinality(String),
  reason String,
  order_at DateTime64(3, 'UTC'),
  received_at DateTime64(3, 'UTC'),
  unsolicited Bool,
  kept_by_scoping UInt16,
  attributed_delivery String,
  attributed_stream LowCardinality(String),
  attributed_channel LowCardinality(String),
  attributed_category LowCardinality(String),
  attributed_origin LowCardinality(String),
  attributed_campaign LowCardinality(String),
  attributed_message_type LowCardinality(String),
  attributed_audience LowCardinality(String),
  attributed_at DateTime64(3, 'UTC'),
  attributed_segments Array(LowCardinality(String)),
  version UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (person, decision, version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
