-- Which delivery each opt-out or complaint is attributed to, by person: a delivery bears one at most. `delivery` is the
-- event id of the delivery: message ids are optional, and senders give one to many people.
CREATE TABLE IF NOT EXISTS attributions
(
  person UUID,
  delivery String,
  decision UUID,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (person, delivery)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
