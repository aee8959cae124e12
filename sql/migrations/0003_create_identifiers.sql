-- From an identifier's keyed hash to the persons who have or had it. `linked` false: they gave it up.
CREATE TABLE IF NOT EXISTS identifiers
(
  identifier UUID,
  person UUID,
  kind LowCardinality(String),
  linked Bool,
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (identifier, person)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
