-- Deliveries and engagement. One insert makes one part: partitioned by month of receipt, which one group shares.
CREATE TABLE IF NOT EXISTS events
(
  id String,
  type Enum8('delivered' = 1, 'opened' = 2, 'clicked' = 3, 'bounced' = 4, 'noted' = 5),
  person UUID,
  occurred_at DateTime64(3, 'UTC'),
  received_at DateTime64(3, 'UTC'),
  stream LowCardinality(String),
  channel LowCardinality(String),
  category LowCardinality(String),
  origin LowCardinality(String),
  audience LowCardinality(String),
  campaign LowCardinality(String),
  message_type LowCardinality(String),
  message_id String,
  segments Array(LowCardinality(String)),
  trigger LowCardinality(String),
  flags Array(LowCardinality(String)),
  metadata String,
  content_hash String,
  INDEX by_message message_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (person, occurred_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
