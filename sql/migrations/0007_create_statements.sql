-- The permission ledger, by the subject it binds: a person or one identifier. Rows come only from decisions.
-- Granularity 1024: a single permission check reads one granule a subject (6 ms at 5 M statements).
CREATE TABLE IF NOT EXISTS statements
(
  subject UUID,
  order_at DateTime64(3, 'UTC'),
  id UUID,
  binds LowCardinality(String),
  person UUID,
  selector String,
  effect Enum8('opt_in' = 0, 'opt_out' = 1, 'pause' = 2, 'cap' = 3, 'hold' = 4, 'void' = 5),
  tolerance UInt32,
  strength LowCardinality(String),
  counts Bool,
  explicit Bool,
  expires_at Nullable(DateTime64(3, 'UTC')),
  basis LowCardinality(String),
  evidence String,
  decision UUID,
  voids UUID,
  cap_n Nullable(UInt16),
  cap_per LowCardinality(String),
  seq UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (subject, order_at, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
