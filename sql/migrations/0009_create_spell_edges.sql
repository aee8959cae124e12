-- When a person's subscription to a stream was opened or closed by a decision. First exposures stand in `exposures`.
CREATE TABLE IF NOT EXISTS spell_edges
(
  person UUID,
  stream LowCardinality(String),
  at DateTime64(3, 'UTC'),
  edge Enum8('open' = 1, 'close' = 2),
  cause LowCardinality(String),
  decision UUID,
  segments Array(LowCardinality(String)),
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (person, stream, at, decision)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
