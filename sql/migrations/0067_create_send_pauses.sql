-- Pauses of sending that somebody ordered, in versions; the latest counts. They deny in the send check and change nobody's
-- statements. `campaign` '' is every campaign; without `until` a pause lasts until it is lifted. Synced: a restart must not
-- forget that sends were paused.
CREATE TABLE IF NOT EXISTS send_pauses
(
  id UUID,
  version UInt64,
  stream LowCardinality(String),
  campaign String,
  from_at DateTime64(3, 'UTC'),
  until Nullable(DateTime64(3, 'UTC')),
  lifted_at Nullable(DateTime64(3, 'UTC')),
  incident String,
  why String,
  changed_by String
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
