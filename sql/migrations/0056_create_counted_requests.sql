-- What each opt-out, complaint or erasure counts as, by person: the delivery that it belongs to, whether it came
-- unsolicited, what its scope kept. At first as its decision says; the row with the highest `version` holds. What becomes
-- known later of the time before a request may change it (`recounts`); the decision's own record stays what it was.
CREATE TABLE IF NOT EXISTS counted_requests
(
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
ENGINE = ReplacingMergeTree(version)
ORDER BY (person, decision)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
