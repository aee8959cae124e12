-- Which event ids were taken, and a hash of what they said: the event id, not its arrival, decides what is new.
CREATE TABLE IF NOT EXISTS event_ids
(
  id String,
  content_hash String,
  decision UUID,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
