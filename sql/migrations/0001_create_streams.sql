-- Every version of every stream. Never updated: a decision must know each class and brand a stream has had.
CREATE TABLE IF NOT EXISTS streams
(
  key String,
  version UInt32,
  channel LowCardinality(String),
  category String,
  origin String,
  class LowCardinality(String),
  brand String,
  list_id String,
  title String,
  all_option_shown Bool,
  legal_basis LowCardinality(String),
  regime LowCardinality(String),
  markets Array(String),
  parent String,
  reviewed Bool,
  changed_at DateTime64(3, 'UTC'),
  changed_by String
)
ENGINE = MergeTree
ORDER BY (key, version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
